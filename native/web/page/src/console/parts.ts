/** What views are made of: figures, facts, tables. */

import { make, type Child } from "../dom.ts";
import type { ConsoleKey, ConsoleWords } from "./words.ts";

type Tone = "bad" | "plain";

/** Large numbers, each with what it counts. */
export function figures(...all: readonly (readonly [string, string, Tone?])[]): HTMLElement {
  return make(
    "dl",
    { class: "figures" },
    ...all.map(([name, value, tone = "plain"]) =>
      make("div", { "data-tone": tone }, make("dt", {}, name), make("dd", {}, value)),
    ),
  );
}

export function facts(...all: readonly (readonly [string, Child])[]): HTMLElement {
  return make(
    "dl",
    { class: "facts" },
    ...all.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
  );
}

/** One column: its head, what a row has in it, and whether that is a number. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Child;
  readonly isNumber?: boolean;
  readonly isBad?: (row: Row) => boolean;
}

/** A table whose rows become lists on a narrow screen; roles keep it a table for who hears it. */
export function table<Row>(
  label: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): HTMLTableElement {
  const kind = (column: Column<Row>) => (column.isNumber ? "number" : "text");
  return make(
    "table",
    { class: "wide", role: "table", "aria-label": label },
    make(
      "thead",
      { role: "rowgroup" },
      make(
        "tr",
        { role: "row" },
        ...columns.map((each) =>
          make("th", { scope: "col", role: "columnheader", class: kind(each) }, each.head),
        ),
      ),
    ),
    make(
      "tbody",
      { role: "rowgroup" },
      ...rows.map((row) =>
        make(
          "tr",
          { role: "row" },
          ...columns.map((each) =>
            make(
              "td",
              {
                role: "cell",
                class: kind(each),
                "data-head": each.head,
                "data-tone": each.isBad?.(row) ? "bad" : "plain",
              },
              // one child, so that a narrow screen has two columns: the head and this
              make("span", {}, each.cell(row)),
            ),
          ),
        ),
      ),
    ),
  );
}

export function section(title: string, ...children: Child[]): HTMLElement {
  return make("section", { class: "card" }, make("h2", {}, title), ...children);
}

export function hint(words: ConsoleWords, key: ConsoleKey): HTMLElement {
  return make("p", { class: "hint" }, words.say(key));
}
