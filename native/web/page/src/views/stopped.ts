/** Instead of every step: this browser cannot do the work, and why, and what to do. */

import { button, heading, make } from "../dom.ts";
import type { MakeView } from "./view.ts";

export const refusedView: MakeView = (words) => ({
  element: make(
    "div",
    { class: "step" },
    heading(words.say("engine.refused_title")),
    make("p", { class: "lead" }, words.say("engine.refused_safe")),
    make("p", {}, words.say("engine.refused")),
    make("h2", {}, words.say("engine.refused_what")),
    make(
      "ul",
      {},
      make("li", {}, words.say("engine.refused_browser")),
      make("li", {}, words.say("engine.refused_tool")),
    ),
    make("pre", { dir: "ltr" }, "pip install hashmatch\nhashmatch submit PICTURE"),
  ),
  update() {},
});

export const lostView: MakeView = (words) => ({
  element: make(
    "div",
    { class: "step" },
    heading(words.say("engine.lost_title")),
    make("p", { class: "lead" }, words.say("engine.lost")),
    make(
      "div",
      { class: "actions" },
      button(words.say("engine.reload"), "primary", () => location.reload()),
    ),
  ),
  update() {},
});
