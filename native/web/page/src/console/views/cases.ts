/** Cases in numbers, and those for which a platform is late. */

import { make } from "../../dom.ts";
import type { Overdue, Platform, Statistics } from "../answers.ts";
import { figures, hint, section, table } from "../parts.ts";
import { moment, type ConsoleWords } from "../words.ts";
import { casesByDay } from "./overview.ts";
import type { View } from "./view.ts";

const HOUR_MS = 3_600_000;

export const cases: View = async ({ words, session }) => {
  const [counts, late] = await Promise.all([
    session.get<Statistics>("/v1/statistics"),
    session.get<Overdue>("/v1/cases/overdue"),
  ]);
  const { open, withdrawn, overdue } = counts.cases;
  return [
    figures(
      [words.say("cases.open"), words.number(open)],
      [words.say("cases.withdrawn"), words.number(withdrawn)],
      [words.say("cases.overdue"), words.number(overdue), overdue ? "bad" : "plain"],
    ),
    casesByDay(counts, words),
    section(
      words.say("cases.overdue_title"),
      hint(words, "cases.overdue_lead"),
      late.cases.length === 0 && make("p", {}, words.say("cases.none")),
      ...late.cases.map((each) => lateCase(each, words)),
    ),
  ];
};

function lateCase(late: Overdue["cases"][number], words: ConsoleWords): HTMLElement {
  const title = words.say("cases.case", { number: late.case });
  const platforms = late.platforms.filter((each) => each.overdue);
  const hours = (each: Platform) =>
    Math.max(1, Math.floor((Date.now() - Date.parse(each.deadline)) / HOUR_MS));
  return make(
    "section",
    {},
    make("h3", {}, title),
    table(
      title,
      [
        { head: words.say("cases.platform"), cell: (each: Platform) => each.platform },
        { head: words.say("cases.state"), cell: (each) => words.say(`platform.${each.state}`) },
        {
          head: words.say("cases.deadline"),
          cell: (each) =>
            make(
              "span",
              {},
              moment(each.deadline, words),
              `, ${words.count("cases.late", hours(each))}`,
            ),
          isBad: () => true,
        },
        {
          head: words.say("cases.blocked"),
          cell: (each) => words.number(each.blocked),
          isNumber: true,
        },
        {
          head: words.say("cases.reviewed"),
          cell: (each) => words.number(each.reviewed),
          isNumber: true,
        },
      ],
      platforms,
    ),
  );
}
