/** Hash lists: how much is in them, and their policy. */

import { make } from "../../dom.ts";
import type { HashList, ListCounts, Statistics } from "../answers.ts";
import { hint, table, type Column } from "../parts.ts";
import type { ConsoleWords } from "../words.ts";
import type { View } from "./view.ts";

type Row = HashList & ListCounts;

export const lists: View = async ({ words, session }) => {
  const [policies, counts] = await Promise.all([
    session.get<{ lists: readonly HashList[] }>("/v1/lists"),
    session.get<Statistics>("/v1/statistics"),
  ]);
  const rows = counts.lists.flatMap((each): Row[] => {
    const policy = policies.lists.find(({ name }) => name === each.name);
    return policy === undefined ? [] : [{ ...policy, ...each }];
  });
  const title = words.say("lists.title");
  const shown = make("section", { class: "card" }, table(title, columns(words), rows));
  return [hint(words, "lists.hint"), shown];
};

function columns(words: ConsoleWords): Column<Row>[] {
  const count = (head: string, name: "entries" | "held" | "blocked" | "reviewed"): Column<Row> => ({
    head,
    cell: (row) => words.number(row[name]),
    isNumber: true,
  });
  return [
    { head: words.say("lists.list"), cell: (row) => row.name },
    count(words.say("lists.entries"), "entries"),
    count(words.say("lists.held"), "held"),
    count(words.say("lists.blocked"), "blocked"),
    count(words.say("lists.reviewed"), "reviewed"),
    {
      head: words.say("lists.action"),
      cell: (row) => (row.allow_list ? words.say("lists.allows") : row.action),
    },
    {
      head: words.say("lists.thresholds"),
      cell: (row) =>
        words.say("lists.bits", { threshold: row.threshold, review: row.review_threshold }),
    },
    { head: words.say("lists.part_thresholds"), cell: (row) => partThresholds(row, words) },
    {
      head: words.say("lists.quality"),
      cell: (row) => words.number(row.min_quality),
      isNumber: true,
    },
    { head: words.say("lists.flood"), cell: (row) => flood(row, words) },
    {
      head: words.say("lists.opinions"),
      cell: (row) => (row.false_opinions ? words.number(row.false_opinions) : never(words)),
      isNumber: true,
    },
  ];
}

function partThresholds(row: Row, words: ConsoleWords): string {
  if (row.part_threshold === null && row.part_review_threshold === null) {
    return words.say("lists.usual");
  }
  const said = (bits: number | null): string | number => bits ?? words.say("lists.usual");
  return words.say("lists.bits", {
    threshold: said(row.part_threshold),
    review: said(row.part_review_threshold),
  });
}

function flood(row: Row, words: ConsoleWords): string {
  if (row.allow_list || row.flood_matches === 0) return never(words);
  const minutes = Math.round(row.flood_window / 60);
  return words.say("lists.flood_rule", { matches: row.flood_matches, minutes });
}

function never(words: ConsoleWords): string {
  return words.say("lists.never");
}
