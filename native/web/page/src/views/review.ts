/** The step that shows exactly what will be sent. */

import type { FingerprintKind } from "hashmatch-client";
import { button, heading, make } from "../dom.ts";
import { sendable, type State } from "../state.ts";
import { bodyOf, chosenOf } from "../submission.ts";
import type { MakeView } from "./view.ts";

const KINDS: readonly FingerprintKind[] = ["whole", "view", "parts"];

export const reviewView: MakeView = (words, actions) => {
  const summary = make("p", { class: "lead" });
  const excluded = make("p", { class: "notice", hidden: true });
  const kinds = make("dl", { class: "kinds" });
  const parts = make("input", {
    type: "checkbox",
    id: "parts",
    autocomplete: "off",
    checked: true,
    "aria-describedby": "parts-lead",
    change: () => actions.withParts(parts.checked),
  });
  const choice = make(
    "div",
    { class: "choice" },
    make(
      "p",
      { class: "tick" },
      parts,
      make("label", { for: "parts" }, words.say("review.with_parts")),
    ),
    make("p", { class: "hint", id: "parts-lead" }, words.say("review.parts_lead")),
  );
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
      choice,
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

  let drawn: Pick<State, "pictures" | "parts"> | null = null;
  return {
    element,
    update(state) {
      if (drawn?.pictures === state.pictures && drawn.parts === state.parts) return;
      drawn = state;
      const results = sendable(state).map((each) => each.result);
      const left = state.pictures.length - results.length;
      const all = results.flatMap((each) => chosenOf(each, state.parts));
      parts.checked = state.parts;
      choice.hidden = !results.some((each) =>
        each.fingerprints.some((one) => one.kind === "parts"),
      );
      summary.textContent = words.count("review.lead", results.length);
      excluded.hidden = left === 0;
      excluded.textContent = left > 0 ? words.count("review.excluded", left) : "";
      total.textContent = words.count("review.total", all.length);
      exact.textContent = JSON.stringify(bodyOf(results, state.parts), null, 2);
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
