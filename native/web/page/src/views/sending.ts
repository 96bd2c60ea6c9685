/** The step in which the fingerprints are on their way. */

import { button, heading, make, setText } from "../dom.ts";
import type { Obstacle } from "../service.ts";
import type { MakeView } from "./view.ts";

export const sendingView: MakeView = (words, actions) => {
  const title = heading(words.say("sending.title"));
  const text = make("p", { class: "lead", role: "status" });
  const wait = make("p", { class: "hint" });
  const moving = make("progress", { "aria-label": words.say("sending.title") });
  const now = button(words.say("sending.now"), "primary", () => actions.tryNow());
  const back = button(words.say("sending.back"), "primary", () => actions.go("choose"));
  const element = make(
    "div",
    { class: "step" },
    title,
    text,
    moving,
    wait,
    make("div", { class: "actions" }, now, back),
  );

  function titleOf(obstacle: Obstacle | null): string {
    if (obstacle === null) return words.say("sending.title");
    if (obstacle.final) return words.say("sending.refused_title");
    return words.say(obstacle.reason === "busy" ? "sending.busy_title" : "sending.away_title");
  }

  function textOf(obstacle: Obstacle | null): string {
    if (obstacle === null) return words.say("sending.lead");
    switch (obstacle.reason) {
      case "too_big":
        return words.say("sending.too_big");
      case "closed":
        return words.say("sending.closed");
      case "busy":
        return words.say("sending.busy");
      case "away":
        return navigator.onLine
          ? words.say("sending.away")
          : `${words.say("sending.offline")} ${words.say("sending.away")}`;
      default:
        return words.say("sending.refused");
    }
  }

  return {
    element,
    update({ obstacle }) {
      const final = obstacle?.final === true;
      const waiting = obstacle !== null && !final && actions.secondsLeft > 0;
      setText(title, titleOf(obstacle));
      setText(text, textOf(obstacle));
      moving.hidden = waiting || final;
      wait.hidden = now.hidden = !waiting;
      setText(wait, waiting ? words.count("sending.wait", actions.secondsLeft) : "");
      back.hidden = !final;
    },
  };
};
