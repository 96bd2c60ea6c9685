/** Asks whether a decision is meant, and why, before it is made. */

import { button, make } from "../dom.ts";
import type { Context } from "./views/view.ts";

export const DECISIONS = ["confirm", "demote", "withdraw"] as const;
export type Decision = (typeof DECISIONS)[number];

const MOST_CHARACTERS = 500;

export function decide(entry: number, decision: Decision, context: Context): void {
  const { words, session } = context;
  const values = { entry: String(entry) };
  const reason = make("input", {
    id: "reason",
    maxlength: MOST_CHARACTERS,
    autocomplete: "off",
  });
  const carryOut = async () => {
    dialog.close();
    await context.attempt(async () => {
      await session.post(`/v1/reviews/${entry}`, { decision, reason: reason.value.trim() });
      await context.again();
      context.announce(words.say(`decide.${decision}_done`, values));
    });
  };
  const dialog = make(
    "dialog",
    { "aria-labelledby": "decision", "aria-describedby": "decision-lead" },
    make(
      "form",
      {
        novalidate: true,
        submit: (event) => {
          event.preventDefault();
          void carryOut();
        },
      },
      make("h2", { id: "decision" }, words.say(`decide.${decision}_title`, values)),
      make("p", { id: "decision-lead" }, words.say(`decide.${decision}_lead`)),
      make(
        "p",
        { class: "field" },
        make("label", { for: "reason" }, words.say("decide.reason")),
        reason,
      ),
      make(
        "div",
        { class: "bar" },
        make(
          "button",
          { type: "submit", class: decision === "withdraw" ? "danger" : "primary" },
          words.say(`reviews.${decision}`),
        ),
        button(words.say("decide.cancel"), "secondary", () => dialog.close()),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
