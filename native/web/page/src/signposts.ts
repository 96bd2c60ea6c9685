/** Where help is, by country; whom it names is set in a file beside the page. */

import { make } from "./dom.ts";
import type { Words } from "./words.ts";

interface Helpline {
  name: string;
  /** A telephone number or the name of a website. */
  contact: string;
  for: "under_18" | "adults" | "everyone";
}

interface Signposts {
  leave_to: string;
  countries: Record<string, { police?: string; emergency?: string; helplines: Helpline[] }>;
  anywhere: Helpline[];
}

/** Fill the list of places to turn to; what the document says without it stays. */
export async function showSignposts(
  words: Words,
  place: HTMLElement,
  leave: HTMLAnchorElement,
): Promise<void> {
  let signposts: Signposts;
  try {
    const response = await fetch("/signposts.json", { credentials: "omit" });
    if (!response.ok) return;
    signposts = (await response.json()) as Signposts;
  } catch {
    return; // the general words stand in the document
  }
  leave.href = signposts.leave_to;
  const names = new Intl.DisplayNames(words.language, { type: "region" });
  const countries = Object.keys(signposts.countries)
    .map((code) => [code, names.of(code) ?? code] as const)
    .sort((one, other) => one[1].localeCompare(other[1], words.language));
  const guess = countryOf(navigator.languages, signposts);
  const lines = make("ul", { class: "plain", "aria-live": "polite" });
  const select = make(
    "select",
    { id: "country", autocomplete: "off", change: show },
    ...countries.map(([code, name]) =>
      make("option", { value: code, selected: code === guess }, name),
    ),
    make("option", { value: "", selected: guess === "" }, words.say("help.elsewhere")),
  );

  function show(): void {
    const country = signposts.countries[select.value];
    const items: Node[] = [];
    if (country?.police) items.push(line("help.police", { number: country.police }));
    if (country?.emergency) items.push(line("help.emergency", { number: country.emergency }));
    if (!country) items.push(make("li", {}, words.say("help.official")));
    for (const each of [...(country?.helplines ?? []), ...signposts.anywhere]) {
      items.push(line(`help.${each.for}`, { name: each.name, contact: each.contact }));
    }
    lines.replaceChildren(...items);
  }

  /** A sentence whose number or address is set apart, and can be called from a telephone. */
  function line(
    key: "help.police" | "help.emergency" | `help.${Helpline["for"]}`,
    values: { number: string } | { name: string; contact: string },
  ): HTMLLIElement {
    const contact = "number" in values ? values.number : values.contact;
    const mark = "\u0000";
    const hidden = "number" in values ? { number: mark } : { ...values, contact: mark };
    const [before = "", after = ""] = words.say(key, hidden).split(mark);
    const digits = contact.replace(/[\s-]/g, "");
    const shown = /^\d+$/.test(digits)
      ? make("a", { href: `tel:${digits}`, dir: "ltr" }, contact)
      : make("bdi", { dir: "ltr", class: "name" }, contact);
    return make("li", {}, before, shown, after);
  }

  show();
  place.replaceChildren(
    make(
      "p",
      { class: "field" },
      make("label", { for: "country" }, words.say("help.country")),
      select,
    ),
    lines,
  );
}

/** The country whose clock the device keeps, or else the first that its languages name. */
function countryOf(languages: readonly string[], signposts: Signposts): string {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const country of Object.keys(signposts.countries)) {
    if (zonesOf(country).includes(here)) return country;
  }
  for (const language of languages) {
    const region = new Intl.Locale(language).region;
    if (region !== undefined && region in signposts.countries) return region;
  }
  return "";
}

/** Time zones of a country; none where the browser does not know them. */
function zonesOf(country: string): readonly string[] {
  const locale = new Intl.Locale("und", { region: country }) as Intl.Locale & {
    timeZones?: string[];
    getTimeZones?: () => string[];
  };
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}
