/** The page on which a case is looked at, and taken back. */

import { byId, make, setText } from "./dom.ts";
import { frame } from "./frame.ts";
import { look, ServiceError, takeBack, type Case } from "./service.ts";
import type { Key, Words } from "./words.ts";

const words: Words = frame(() => {});
const numberForm = byId<HTMLFormElement>("look");
const numberField = byId<HTMLInputElement>("number");
const phraseForm = byId<HTMLFormElement>("take-back");
const phraseField = byId<HTMLInputElement>("phrase");
const result = byId("result");
const title = byId("result-title");
const facts = byId("facts");
const platforms = byId("platforms");
const announcer = byId("announcer");

numberForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void during(numberForm, async () => {
    result.hidden = true;
    if (!/\d/.test(numberIn(numberField)))
      return complain(numberField, words.say("case.number_missing"));
    await settle(numberField, "case.not_found", () => look(numberIn(numberField)));
  });
});

phraseForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void during(phraseForm, async () => {
    const phrase = phraseField.value.trim().replace(/\s+/g, " ");
    // a header carries these only, and all words of phrases are made of them
    if (!/^[\x20-\x7e]+$/.test(phrase)) {
      const what = phrase === "" ? "case.phrase_missing" : "case.phrase_wrong";
      return complain(phraseField, words.say(what));
    }
    await settle(phraseField, "case.phrase_wrong", () => takeBack(numberIn(numberField), phrase));
  });
});

/** The number as it was given out, whichever digits the keyboard has: Arabic ones, for instance. */
function numberIn(field: HTMLInputElement): string {
  const latin = field.value.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) =>
    String(digit.charCodeAt(0) & 0xf),
  );
  return latin.trim();
}

/** One request at a time, and the button says so. */
async function during(form: HTMLFormElement, work: () => Promise<void> | void): Promise<void> {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  setText(announcer, words.say("case.looking"));
  for (const field of [numberField, phraseField]) complain(field, null);
  try {
    await work();
  } finally {
    form.ariaBusy = "false";
    setText(announcer, "");
  }
}

async function settle(
  field: HTMLInputElement,
  notFound: "case.not_found" | "case.phrase_wrong",
  ask: () => Promise<Case>,
): Promise<void> {
  try {
    show(await ask());
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { reason, seconds = 1 } = error.obstacle;
    if (reason === "busy") complain(field, words.count("case.busy", seconds));
    else if (reason === "away") complain(field, words.say("case.away"));
    else complain(field, words.say(reason === "not_found" ? notFound : "case.failed"));
  }
}

/** Say beside a field what is wrong with it, and go there; or that nothing is. */
function complain(field: HTMLInputElement, what: string | null): void {
  setText(byId(`${field.id}-error`), what ?? "");
  if (what === null) field.removeAttribute("aria-invalid");
  else {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

function show(found: Case): void {
  const isOpen = found.state !== "withdrawn";
  setText(title, words.say(isOpen ? "case.open" : "case.withdrawn"));
  result.dataset.state = isOpen ? "open" : "withdrawn";
  const { created, withdrawn, active, entries, inReview } = found;
  facts.replaceChildren(
    ...fact("case.number", make("bdi", { dir: "ltr" }, found.number)),
    ...(created ? fact("case.created", words.date(created)) : []),
    ...(withdrawn ? fact("case.taken_back", words.date(withdrawn)) : []),
    ...(isOpen && active !== null && entries !== null
      ? fact("case.active", words.say("case.active_of", { active, entries }))
      : []),
    ...(isOpen && inReview ? fact("case.in_review", words.number(inReview)) : []),
  );
  platforms.hidden = !isOpen;
  phraseForm.hidden = !isOpen;
  byId("taken-back").hidden = isOpen;
  showPlatforms(found);
  result.hidden = false;
  phraseField.value = "";
  title.focus();
}

function fact(key: Key, value: Node | string): Node[] {
  return [make("dt", {}, words.say(key)), make("dd", {}, value)];
}

function showPlatforms({ platforms: all }: Case): void {
  const none = byId("platforms-none");
  const table = byId("platforms-table");
  none.hidden = all.length > 0;
  table.hidden = all.length === 0;
  table
    .querySelector("tbody")
    ?.replaceChildren(
      ...all.map(({ name, since, matches }) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, make("bdi", {}, name)),
          make("td", {}, since ? words.date(since) : words.say("case.not_yet")),
          make("td", {}, matches === null ? "–" : words.number(matches)),
        ),
      ),
    );
}
