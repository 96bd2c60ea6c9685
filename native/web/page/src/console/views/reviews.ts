/** Entries that are held back, in numbers, and what becomes of them. */

import { button, make, type Child } from "../../dom.ts";
import { HOLDS, type Hold, type Review, type Reviews } from "../answers.ts";
import { decide, DECISIONS } from "../decision.ts";
import { facts, hint } from "../parts.ts";
import { moment, type ConsoleWords } from "../words.ts";
import type { Context, View } from "./view.ts";

/** What was chosen to be shown stays so while decisions are made. */
let shown: Hold | "all" = "all";

export const reviews: View = async (context) => {
  const { words } = context;
  const all = await readAll(context);
  const list = make("ul", { class: "cards" });
  const nothing = make("p", {}, words.say("reviews.none"));
  const show = () => {
    const some = all.filter(({ held }) => shown === "all" || held === shown);
    list.replaceChildren(...some.map((each) => card(each, context)));
    nothing.hidden = some.length > 0;
  };
  show();
  return [hint(words, "reviews.lead"), filter(all, show, words), nothing, list];
};

async function readAll({ session }: Context): Promise<Review[]> {
  const all: Review[] = [];
  let page: Reviews;
  do {
    const after = String(all.at(-1)?.entry ?? "");
    page = await session.get<Reviews>("/v1/reviews", { after });
    all.push(...page.reviews);
  } while (page.more && all.length < MOST);
  return all;
}

/** More than a person looks at; the command line has all of them. */
const MOST = 5_000;

function filter(all: readonly Review[], show: () => void, words: ConsoleWords): Child {
  const choices = (["all", ...HOLDS] as const).map((why) => {
    const count = all.filter(({ held }) => why === "all" || held === why).length;
    const text = `${words.say(`held.${why}`)} (${words.number(count)})`;
    return make("option", { value: why, selected: why === shown }, text);
  });
  const change = (event: Event) => {
    shown = (event.target as HTMLSelectElement).value as Hold | "all";
    show();
  };
  return make(
    "p",
    { class: "field" },
    make("label", { for: "held" }, words.say("reviews.show")),
    make("select", { id: "held", change }, ...choices),
  );
}

function card(review: Review, context: Context): HTMLElement {
  const { words } = context;
  const { entry, nearest, quality } = review;
  const number = (value: number) => words.number(value);
  return make(
    "li",
    { class: "card", "data-entry": entry },
    make(
      "div",
      { class: "top" },
      make("h2", {}, words.say("reviews.entry", { entry: String(entry) })),
      make("span", { class: "badge" }, words.say(`held.${review.held}`)),
    ),
    facts(
      [words.say("reviews.list"), review.list],
      [words.say("reviews.hasher"), `${review.hasher}, ${quality ?? words.say("site.none")}`],
      [words.say("reviews.since"), moment(review.since, words)],
      [words.say("reviews.created"), moment(review.created, words)],
      [words.say("reviews.blocked"), number(review.blocked)],
      [words.say("reviews.reviewed"), number(review.reviewed)],
      [
        words.say("reviews.nearest"),
        nearest === null ? words.say("site.none") : words.count("reviews.bits", nearest),
      ],
      [words.say("reviews.platforms"), number(review.platforms)],
      [
        words.say("reviews.opinions"),
        words.say("reviews.right_wrong", {
          right: review.true_opinions,
          wrong: review.false_opinions,
        }),
      ],
    ),
    make(
      "div",
      { class: "bar" },
      ...DECISIONS.map((decision) => {
        const what = words.say(`reviews.${decision}`);
        const label = words.say("reviews.act", { what, entry: String(entry) });
        const kind = decision === "confirm" ? "primary" : "secondary";
        return button(what, kind, () => decide(entry, decision, context), { "aria-label": label });
      }),
    ),
  );
}
