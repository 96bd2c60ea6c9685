/** The registry at a glance. */

import type { Statistics } from "../answers.ts";
import { HOLDS } from "../answers.ts";
import { make } from "../../dom.ts";
import { chart } from "../chart.ts";
import { facts, figures, section } from "../parts.ts";
import { dayOf, hourOf, type ConsoleWords } from "../words.ts";
import type { View } from "./view.ts";

export const overview: View = async ({ words, session }) => {
  const found = await session.get<Statistics>("/v1/statistics");
  const sum = (name: "entries" | "held") =>
    words.number(found.lists.reduce((total, each) => total + each[name], 0));
  const matches = found.matches_by_hour.reduce((total, each) => total + each.matches, 0);
  return [
    figures(
      [words.say("overview.entries"), sum("entries")],
      [words.say("overview.held"), sum("held")],
      [words.say("overview.matches"), words.number(matches)],
      [words.say("overview.open"), words.number(found.cases.open)],
      [
        words.say("overview.overdue"),
        words.number(found.cases.overdue),
        found.cases.overdue ? "bad" : "plain",
      ],
    ),
    make("div", { class: "side-by-side" }, matchesByHour(found, words), casesByDay(found, words)),
    section(
      words.say("overview.held_title"),
      facts(
        ...HOLDS.map(
          (why) => [words.say(`held.${why}`), words.number(found.held[why] ?? 0)] as const,
        ),
      ),
    ),
  ];
};

function matchesByHour(found: Statistics, words: ConsoleWords): HTMLElement {
  return chart(
    {
      title: words.say("overview.matches_plot"),
      step: words.say("overview.hour"),
      series: [words.say("health.matches")],
      points: found.matches_by_hour.map(({ at, matches }) => ({
        label: hourOf(at),
        values: [matches],
      })),
      every: 6,
    },
    words,
  );
}

export function casesByDay(found: Statistics, words: ConsoleWords): HTMLElement {
  return chart(
    {
      title: words.say("overview.cases_plot"),
      step: words.say("overview.day"),
      series: [words.say("overview.opened"), words.say("overview.withdrawn")],
      points: found.cases_by_day.map(({ at, opened, withdrawn }) => ({
        label: dayOf(at),
        values: [opened, withdrawn],
      })),
      every: 7,
    },
    words,
  );
}
