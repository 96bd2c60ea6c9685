/** The last step: the case number and the secret phrase, and ways to keep them. */

import { button, heading, make, setText } from "../dom.ts";
import type { Outcome, Receipt } from "../service.ts";
import type { MakeView } from "./view.ts";

const REASONS = ["low_quality", "degenerate"] as const;

export const doneView: MakeView = (words, actions) => {
  const number = make("output", { class: "secret", dir: "ltr", id: "case-number" });
  const phrase = make("output", { class: "secret", dir: "ltr", lang: "en", id: "secret-phrase" });
  const outcomes = make("ul", { class: "outcomes" });
  const told = make("p", { class: "hint", role: "status" });
  const kept = make("input", { type: "checkbox", id: "kept", autocomplete: "off" });
  const first = make("p", { class: "error", id: "first", role: "alert" });
  const address = `${location.origin}/case`;
  let receipt: Receipt | null = null;

  const element = make(
    "div",
    { class: "step" },
    heading(words.say("done.title")),
    make("p", { class: "lead" }, words.say("done.lead")),
    make(
      "div",
      { class: "card receipt" },
      make("p", { class: "label" }, make("label", { for: "case-number" }, words.say("done.case"))),
      number,
      make(
        "p",
        { class: "label" },
        make("label", { for: "secret-phrase" }, words.say("done.phrase")),
      ),
      phrase,
      make(
        "div",
        { class: "bar no-print" },
        button(words.say("done.copy"), "secondary", () => void copy()),
        button(words.say("done.save"), "secondary", save),
        button(words.say("done.print"), "secondary", () => window.print()),
      ),
      told,
    ),
    make("p", {}, words.say("done.secret")),
    make(
      "section",
      {},
      make("h2", {}, words.say("done.how")),
      outcomes,
      make("p", {}, words.say("done.platforms")),
      make("p", {}, words.say("done.later"), " ", make("bdi", { class: "address" }, address)),
    ),
    make(
      "div",
      { class: "actions in-order no-print" },
      make("p", { class: "tick" }, kept, make("label", { for: "kept" }, words.say("done.kept"))),
      first,
      button(words.say("done.finish"), "primary", finish),
    ),
  );

  function text(): string {
    return [
      `${words.say("done.case")}: ${receipt?.case}`,
      `${words.say("done.phrase")}: ${receipt?.phrase}`,
      address,
      "",
    ].join("\n");
  }

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text());
      setText(told, words.say("done.copied"));
    } catch {
      setText(told, words.say("done.copy_failed"));
    }
  }

  function save(): void {
    const name = words.say("done.file");
    const url = URL.createObjectURL(new Blob([text()], { type: "text/plain;charset=utf-8" }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    setText(told, words.say("done.saved", { name }));
  }

  function finish(): void {
    if (kept.checked) {
      actions.finish();
      return;
    }
    kept.setAttribute("aria-describedby", "first");
    setText(first, words.say("done.first"));
    kept.focus();
  }

  /** What became of the pictures; where the service does not say, they are looked for. */
  function lines(all: readonly Outcome[], numbers: readonly number[]): HTMLElement[] {
    const live = all.filter((each) => each.state === "live").length;
    const review = all.filter((each) => each.state === "review").length;
    const refused = all.flatMap((each, index) =>
      each.state === "refused" ? [{ each, index }] : [],
    );
    return [
      live > 0 && make("li", {}, words.count("done.live", live)),
      review > 0 && make("li", {}, words.count("done.review", review)),
      refused.length > 0 &&
        make(
          "li",
          {},
          words.count("done.refused", refused.length),
          make(
            "ul",
            {},
            ...refused.map(({ each, index }) => {
              const reason = REASONS.find((known) => known === each.reason) ?? "other";
              const named = numbers[index] ?? index + 1;
              return make("li", {}, words.say(`done.${reason}`, { number: named }));
            }),
          ),
        ),
    ].filter((line) => line !== false);
  }

  return {
    element,
    update(state) {
      if (receipt === state.receipt || state.receipt === null) return;
      receipt = state.receipt;
      number.textContent = receipt.case;
      phrase.textContent = receipt.phrase;
      outcomes.replaceChildren(...lines(receipt.outcomes, state.sent));
    },
  };
};
