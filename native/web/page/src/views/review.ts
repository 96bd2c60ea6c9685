/** The step that shows exactly what will be sent. */

import type { FingerprintKind } from "hashmatch-client";
import { button, heading, make } from "../dom.ts";
import { sendable } from "../state.ts";
import { bodyOf } from "../submission.ts";
import type { MakeView } from "./view.ts";

const KINDS: readonly FingerprintKind[] = ["whole", "view", "part", "tile"];

export const reviewView: MakeView = (words, actions) => {
  const summary = make("p", { class: "lead" });
  const excluded = make("p", { class: "notice", hidden: true });
  const kinds = make("dl", { class: "kinds" });
  const exact = make("pre", { dir: "ltr", tabindex: 0, "aria-label": words.say("review.exact") });
  const total = make("p", { class: "hint" });
  const element = make(
    "div",
    { class: "step" },
    heading(words.say("review.title")),
    summary,
    excluded,
    make(
      "section",
      { class: "card" },
      make("h2", {}, words.say("review.kinds")),
      kinds,
      total,
      make(
        "details",
        {},
        make("summary", {}, words.say("review.exact")),
        make("p", { class: "hint" }, words.say("review.exact_lead")),
        exact,
      ),
    ),
    make(
      "section",
      { class: "card" },
      make("h2", {}, words.say("review.stays")),
      make(
        "ul",
        {},
        make("li", {}, words.say("review.stays_pictures")),
        make("li", {}, words.say("review.stays_names")),
        make("li", {}, words.say("review.stays_you")),
      ),
      make("p", { class: "hint" }, words.say("review.address")),
    ),
    make("p", { class: "hint" }, words.say("review.online")),
    make(
      "div",
      { class: "actions" },
      button(words.say("review.back"), "secondary", () => actions.go("choose")),
      button(words.say("review.send"), "primary", () => actions.send()),
    ),
  );

  let drawn: unknown = null;
  return {
    element,
    update(state) {
      if (drawn === state.pictures) return;
      drawn = state.pictures;
      const results = sendable(state).map((each) => each.result);
      const left = state.pictures.length - results.length;
      const all = results.flatMap((each) => each.fingerprints);
      summary.textContent = words.count("review.lead", results.length);
      excluded.hidden = left === 0;
      excluded.textContent = left > 0 ? words.count("review.excluded", left) : "";
      total.textContent = words.count("review.total", all.length);
      exact.textContent = JSON.stringify(bodyOf(results), null, 2);
      kinds.replaceChildren(
        ...KINDS.flatMap((kind) => {
          const count = all.filter((each) => each.kind === kind).length;
          return count === 0
            ? []
            : [make("dt", {}, words.number(count)), make("dd", {}, words.say(`review.${kind}`))];
        }),
      );
    },
  };
};
