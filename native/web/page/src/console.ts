/** The console of operators: signing in, going from view to view, signing out. */

import type { Statistics } from "./console/answers.ts";
import { looksLikeToken, NotAllowedError, Session } from "./console/session.ts";
import { audit } from "./console/views/audit.ts";
import { cases } from "./console/views/cases.ts";
import { health } from "./console/views/health.ts";
import { lists } from "./console/views/lists.ts";
import { overview } from "./console/views/overview.ts";
import { reviews } from "./console/views/reviews.ts";
import type { Context, View } from "./console/views/view.ts";
import { timeNow, wordsOfDocument, type ConsoleKey } from "./console/words.ts";
import { button, byId, heading, make, setText, type Child } from "./dom.ts";
import { ServiceError } from "./service.ts";

const VIEWS = { overview, reviews, cases, lists, health, audit } as const satisfies Record<
  string,
  View
>;
type Name = keyof typeof VIEWS;

const IDLE_MS = 30 * 60_000;

const words = wordsOfDocument();
const form = byId<HTMLFormElement>("sign-in");
const field = byId<HTMLInputElement>("token");
const navigation = byId("views");
const place = byId("view");
const announcer = byId("announcer");
const signOutButton = byId<HTMLButtonElement>("sign-out");

let session: Session | null = null;
/** Which reading is the last: what an earlier one brings is not shown any more. */
let turn = 0;
let lastDeed = 0;

document.documentElement.dataset.script = "";

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void signIn();
});
signOutButton.addEventListener("click", () => signOut());
window.addEventListener("hashchange", () => {
  if (session !== null) void show();
});
// a page that is kept to come back to would keep the token
window.addEventListener("pagehide", () => signOut());
for (const kind of ["keydown", "pointerdown"]) {
  document.addEventListener(kind, () => (lastDeed = Date.now()), { passive: true });
}
setInterval(() => {
  if (session !== null && Date.now() - lastDeed > IDLE_MS) signOut("sign_in.idle");
}, 10_000);

async function signIn(): Promise<void> {
  if (form.ariaBusy === "true") return;
  const token = field.value.trim();
  if (!looksLikeToken(token)) {
    return complain(token === "" ? "sign_in.missing" : "sign_in.not_one");
  }
  form.ariaBusy = "true";
  const tried = new Session(token);
  try {
    await tried.get<Statistics>("/v1/statistics");
  } catch (error) {
    return complain(whyNot(error));
  } finally {
    form.ariaBusy = "false";
  }
  complain(null);
  field.value = "";
  session = tried;
  lastDeed = Date.now();
  form.hidden = true;
  byId("ended").hidden = true;
  signOutButton.hidden = navigation.hidden = place.hidden = false;
  await show();
}

function whyNot(error: unknown): ConsoleKey {
  if (error instanceof NotAllowedError) {
    return error.isValid ? "sign_in.other_scope" : "sign_in.wrong";
  }
  return trouble(error);
}

function trouble(error: unknown): ConsoleKey {
  if (!(error instanceof ServiceError)) throw error;
  const { reason } = error.obstacle;
  if (reason === "away" || reason === "busy") return `trouble.${reason}`;
  return reason === "not_found" ? "trouble.gone" : "trouble.refused";
}

function complain(what: ConsoleKey | null): void {
  setText(byId("token-error"), what === null ? "" : words.say(what));
  if (what === null) field.removeAttribute("aria-invalid");
  else {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

/** Forget the token and all that is shown. */
function signOut(why?: "sign_in.idle" | "sign_in.ended"): void {
  if (session === null) return;
  session.end();
  session = null;
  turn += 1;
  place.replaceChildren();
  document.querySelector("dialog")?.remove();
  setText(announcer, "");
  signOutButton.hidden = navigation.hidden = place.hidden = true;
  form.hidden = false;
  const ended = byId("ended");
  ended.hidden = why === undefined;
  setText(ended, why === undefined ? "" : words.say(why));
  document.title = words.say("site.name");
  byId("sign-in-title").focus();
}

function chosen(): Name {
  const name = location.hash.slice(1);
  return Object.hasOwn(VIEWS, name) ? (name as Name) : "overview";
}

/** Go to the view that the address names. */
async function show(): Promise<void> {
  const name = chosen();
  navigation.replaceChildren(
    make(
      "ul",
      {},
      ...(Object.keys(VIEWS) as Name[]).map((each) => {
        const current = each === name ? { "aria-current": "page" } : {};
        return make(
          "li",
          {},
          make("a", { href: `#${each}`, ...current }, words.say(`${each}.title`)),
        );
      }),
    ),
  );
  const title = words.say(`${name}.title`);
  document.title = `${title} – ${words.say("site.name")}`;
  render(name, make("p", { class: "hint" }, words.say("site.reading")));
  place.querySelector("h1")?.focus();
  await read();
}

/** Read the view that is shown, and show what was read. */
async function read(): Promise<void> {
  if (session === null) return;
  const name = chosen();
  const mine = (turn += 1);
  const context: Context = {
    words,
    session,
    announce: (text) => setText(announcer, text),
    attempt,
    again: read,
  };
  place.ariaBusy = "true";
  await attempt(async () => {
    const children = await VIEWS[name](context);
    if (mine === turn) render(name, ...children);
  });
  if (mine === turn) place.ariaBusy = "false";
}

/** Show a view; the focus stays at its heading where it was there, and goes there if it is lost. */
function render(name: Name, ...children: Child[]): void {
  const held = place.contains(document.activeElement) || document.activeElement === document.body;
  const title = heading(words.say(`${name}.title`));
  const refresh = button(words.say("site.refresh"), "secondary", () => void read());
  const when = make("span", { class: "hint" }, words.say("site.read_at", { time: timeNow() }));
  place.dataset.view = name;
  place.replaceChildren(
    make("div", { class: "top" }, title, make("div", { class: "bar" }, when, refresh)),
    ...children.filter((each) => each instanceof Node),
  );
  if (held) title.focus();
}

/** Do something that may fail: what is wrong is said above the view. */
async function attempt(work: () => Promise<void>): Promise<void> {
  place.querySelector("#trouble")?.remove();
  try {
    await work();
  } catch (error) {
    if (error instanceof NotAllowedError) return signOut("sign_in.ended");
    const said = make("p", { id: "trouble", class: "notice", role: "alert" });
    place.querySelector(".top")?.after(said);
    setText(said, words.say(trouble(error)));
  }
}
