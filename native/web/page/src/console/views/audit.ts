/** The audit, the newest first, and what is looked for in it. */

import { button, make } from "../../dom.ts";
import type { AuditLine, AuditLines } from "../answers.ts";
import { hint, table } from "../parts.ts";
import { moment, type ConsoleWords } from "../words.ts";
import type { Context, View } from "./view.ts";

const FIELDS = ["actor", "action", "subject"] as const;
const LIMIT = "50";

type Wanted = Readonly<Record<string, string>>;

export const audit: View = async (context) => {
  const { words } = context;
  const found = make("div", { class: "step" });
  const fields = FIELDS.map((name) =>
    make("input", {
      id: name,
      maxlength: 80,
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      "aria-describedby": `${name}-hint`,
    }),
  );
  const search = async () => {
    const wanted = Object.fromEntries(fields.map((each) => [each.id, each.value.trim()]));
    const lines: AuditLine[] = [];
    await showMore(found, lines, wanted, context);
    if (lines.length === 0) context.announce(words.say("audit.none"));
  };
  const form = make(
    "form",
    {
      class: "search card",
      role: "search",
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        void context.attempt(search);
      },
    },
    ...FIELDS.map((name, at) =>
      make(
        "p",
        { class: "field" },
        make("label", { for: name }, words.say(`audit.${name}`)),
        make("span", { class: "hint", id: `${name}-hint` }, words.say(`audit.${name}_hint`)),
        fields[at],
      ),
    ),
    make("button", { type: "submit", class: "primary" }, words.say("audit.search")),
  );
  await search();
  return [hint(words, "audit.lead"), form, found];
};

/** Read the next lines, and show all that were read. */
async function showMore(
  place: HTMLElement,
  lines: AuditLine[],
  wanted: Wanted,
  context: Context,
): Promise<void> {
  const { words, session } = context;
  const before = String(lines.at(-1)?.number ?? "");
  const query = { ...wanted, before, limit: LIMIT };
  const page = await session.get<AuditLines>("/v1/audit/search", query);
  lines.push(...page.lines);
  const more = () => context.attempt(() => showMore(place, lines, wanted, context));
  place.replaceChildren(
    lines.length === 0
      ? make("p", {}, words.say("audit.none"))
      : make("section", { class: "card" }, tableOf(lines, words)),
    page.more && page.lines.length > 0
      ? button(words.say("site.more"), "secondary", () => void more())
      : "",
  );
}

function tableOf(lines: readonly AuditLine[], words: ConsoleWords): HTMLElement {
  return table(
    words.say("audit.title"),
    [
      {
        head: words.say("audit.number"),
        cell: (line: AuditLine) => words.number(line.number),
        isNumber: true,
      },
      { head: words.say("audit.at"), cell: (line) => moment(line.at, words) },
      { head: words.say("audit.actor"), cell: (line) => line.actor },
      { head: words.say("audit.action"), cell: (line) => line.action },
      { head: words.say("audit.subject"), cell: (line) => line.subject },
      { head: words.say("audit.detail"), cell: (line) => detail(line, words) },
    ],
    lines,
  );
}

function detail(line: AuditLine, words: ConsoleWords): string {
  const told = (value: unknown) => {
    if (typeof value === "boolean") return words.say(value ? "site.yes" : "site.no");
    return typeof value === "string" || typeof value === "number"
      ? String(value)
      : JSON.stringify(value).replace(/["{}]/g, "").replaceAll(",", ", ");
  };
  return Object.entries(line.detail)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${told(value)}`)
    .join("; ");
}
