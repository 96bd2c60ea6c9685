/** Persons use the page: as it is meant, with keys only, and when things go wrong. */

import assert from "node:assert/strict";
import { wrong } from "./gallery.mjs";

/** From the first look to the case that was taken back; what was sent, and what was kept. */
export async function submission(visit, { pictures }) {
  const { page, between } = visit;
  const asked = new Set();
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^(http|ws)/.test(protocol)) asked.add(origin); // of others, nothing leaves
  });
  await visit.openReady();
  const chosen = [pictures.photo, pictures.other, pictures.once];
  await visit.choose(...chosen);
  await visit.settled(3);
  const hidden = await page.evaluate(() => ({
    text: document.body.innerHTML,
    sides: Math.max(...[...document.querySelectorAll("canvas")].map((each) => each.width)),
  }));
  await visit.press("Show names and pictures");
  await page.waitForFunction(() => document.querySelector("canvas").width === 160);
  const shown = await visit.text("li.picture .name");
  await visit.press("Hide names and pictures");
  await page.waitForFunction(() => document.querySelector("canvas").width <= 3);
  await visit.press("Check what will be sent");
  await visit.view("review");
  await visit.click("summary");
  const promised = await visit.text("pre");
  const before = between.seen.length;
  await visit.press("Send the fingerprints");
  await visit.view("done");
  const number = await visit.text("#case-number");
  const phrase = await visit.text("#secret-phrase");
  const traffic = between.seen.map(({ method, url, headers, body }) => ({
    method,
    url,
    body,
    headers: Object.keys(headers),
  }));
  const kept = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases?.())?.length ?? 0,
    caches: "caches" in window ? (await caches.keys()).length : 0,
    workers: (await navigator.serviceWorker?.getRegistrations?.())?.length ?? 0,
  }));
  await visit.click("#kept");
  await visit.press("Finish");
  // what is typed before the page's script is there goes nowhere
  await page.waitForSelector("html[data-script] #number");
  const history = await page.evaluate(() => history.length);
  await page.type("#number", number);
  await visit.click("#look button");
  await visit.says("#result-title", /Open/);
  const active = await activeOf(page);
  await page.type("#phrase", `  ${phrase.toUpperCase()} `);
  await visit.click("#take-back button");
  await visit.says("#taken-back", /was taken back/);
  return { asked: [...asked], hidden, shown, promised, before, traffic, kept, history, active };
}

/** How many fingerprints of a case are on the list. */
function activeOf(page) {
  return page.$$eval("#facts dd", (all) =>
    all.map((each) => each.textContent).find((text) => / of /.test(text)),
  );
}

/** Fingerprints of parts are left out, and taken in again, until what is sent is the whole alone. */
export async function whole_only(visit, { pictures }) {
  const { page, between } = visit;
  const promised = [];
  const counts = [];
  const note = async () => {
    promised.push(await visit.text("pre"));
    counts.push(await page.$$eval(".kinds dt", (all) => all.map((each) => each.textContent)));
  };
  const choose = async (wanted) => {
    const before = await visit.text("pre");
    await visit.click("label[for='parts']");
    await page.waitForFunction(
      (old, on) =>
        document.querySelector("pre").textContent !== old &&
        document.querySelector("#parts").checked === on,
      {},
      before,
      wanted,
    );
    await note();
  };
  await visit.openReady();
  await visit.choose(pictures.vague);
  await visit.settled(1);
  await visit.press("Check what will be sent");
  await visit.view("review");
  const offered = await page.$eval("#parts", (box) => box.checkVisibility());
  const vague = await visit.text("pre");
  await visit.press("Back to the pictures");
  await visit.press("Remove all");
  await visit.toReview(pictures.photo);
  await note();
  await choose(false);
  await choose(true);
  await choose(false);
  await visit.press("Send the fingerprints");
  await visit.view("done");
  return { offered, vague, promised, counts, sent: between.submissions.map(({ body }) => body) };
}

/** No connection from the end of loading to the moment of sending. */
export async function offline(visit, { pictures }) {
  const { between, page } = visit;
  await visit.openReady();
  const read = between.seen.map(({ url }) => url);
  await visit.loaded();
  const begun = between.seen.slice(read.length).map(({ url }) => url);
  between.mode = "away";
  const loaded = between.seen.length;
  await page.evaluate(() => {
    Object.defineProperty(navigator, "onLine", { get: () => window.there, configurable: true });
    window.there = false;
    dispatchEvent(new Event("offline"));
  });
  await visit.says("#connection", /You are offline/);
  await visit.toReview(pictures.photo, pictures.other, pictures.third);
  const asked = between.seen.slice(loaded).map(({ method, url, body }) => ({ method, url, body }));
  await visit.press("Send the fingerprints");
  await visit.says("#content .lead", /We send as soon as there is a connection/);
  between.mode = "open";
  await page.evaluate(() => {
    window.there = true;
    dispatchEvent(new Event("online"));
  });
  await visit.view("done");
  return { read, begun, asked, keys: between.submissions.map((each) => each.key) };
}

/** Where the browser is asked to load little, only what opens the pictures that were chosen is. */
export async function sparing(visit, { pictures }) {
  const { between, page } = visit;
  await page.evaluateOnNewDocument(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  });
  await visit.openReady();
  await visit.choose(pictures.photo);
  await visit.settled(1);
  return { loaded: between.seen.map(({ url }) => url) };
}

/** The submission arrives, the answer does not: the next try gets the same one. */
export async function unanswered(visit, { pictures }) {
  const { between } = visit;
  await visit.openReady();
  await visit.toReview(pictures.photo);
  between.mode = "swallow";
  await visit.press("Send the fingerprints");
  await visit.says("#content .lead", /Nothing is lost/);
  between.mode = "open";
  await visit.view("done"); // by itself
  const number = await visit.text("#case-number");
  return { number, submissions: between.submissions };
}

/** The service is busy, then refuses, then takes: each in words, and a new key after a refusal. */
export async function refusals(visit, { pictures }) {
  const { between } = visit;
  const said = {};
  await visit.openReady();
  await visit.toReview(pictures.photo);
  const turns = [429, 503, 413, 401, 422];
  between.instead = (method) =>
    method === "POST" && turns.length
      ? { status: turns.shift(), headers: { "retry-after": "1" } }
      : null;
  await visit.press("Send the fingerprints");
  await visit.says("h1", /Many people/);
  await visit.says("h1", /cannot be reached/);
  for (const status of [413, 401, 422]) {
    await visit.says("h1", /did not take/);
    said[status] = await visit.text("#content .lead");
    await visit.press("Back to the pictures");
    await visit.press("Check what will be sent");
    await visit.press("Send the fingerprints");
  }
  await visit.view("done");
  return { said, keys: between.submissions.map((each) => each.key) };
}

/** What the service says of each picture is told by the number that the person knows. */
export async function outcomes(visit, { pictures }) {
  const { between, page } = visit;
  await visit.openReady();
  await visit.choose(pictures.empty, pictures.photo, pictures.other, pictures.third);
  await visit.settled(4);
  between.instead = (method) =>
    method === "POST" && {
      status: 201,
      body: {
        case: "1234-5678-9012",
        secret_phrase: "one two three four five six",
        pictures: [
          { state: "live", reason: null },
          { state: "refused", reason: "low_quality" },
          { state: "review", reason: "allow_listed" },
        ],
      },
    };
  await visit.press("Check what will be sent");
  await visit.press("Send the fingerprints");
  await visit.view("done");
  const told = await page.$$eval(".outcomes > li", (all) => all.map((each) => each.innerText));
  await page.evaluate(() => {
    window.print = () => (window.printed = true);
    navigator.clipboard.writeText = async (text) => void (window.copied = text);
    HTMLAnchorElement.prototype.click = function () {
      window.saved = this.download;
    };
  });
  for (const text of ["Copy", "Save as a file", "Print"]) await visit.press(text);
  const given = await page.evaluate(() => [window.copied, window.saved, window.printed]);
  return { told, given };
}

/** Files that are no good: each is told why, and none is in the way of the others. */
export async function bad_files(visit, { pictures }) {
  const { page } = visit;
  await visit.openReady();
  const kinds = ["empty", "pdf", "truncated", "huge", "small", "blank", "photo", "copy"];
  await visit.choose(...kinds.map((kind) => pictures[kind]));
  await visit.settled(kinds.length);
  const rows = await visit.rows();
  await visit.press("Check what will be sent");
  await visit.view("review");
  const message = JSON.parse(await visit.text("pre"));
  await visit.press("Back to the pictures");
  // the focus goes on to the next picture, not back to the beginning
  await page.focus("li.picture:nth-child(2) .deeds button:last-child");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("li.picture").length === 7);
  const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  return { rows: Object.fromEntries(kinds.map((kind, at) => [kind, rows[at]])), message, focused };
}

/** 500 at once, stopped, tried again; and then one more. */
export async function many(visit, { pictures }) {
  const { page } = visit;
  await visit.openReady();
  await visit.choose(...pictures.many);
  await visit.press("Stop all");
  await visit.settled(500);
  const tones = (await visit.rows()).map((each) => each.tone);
  const stopped = tones.filter((tone) => tone === "bad").length;
  await page.$$eval("li.picture[data-tone='bad'] .deeds button:first-child", (all) =>
    all.forEach((each) => each.click()),
  );
  await page.waitForFunction(() => !document.querySelector("li.picture[data-tone='bad']"));
  await visit.settled(500);
  await visit.choose(pictures.photo);
  await visit.says(".notice", /One case takes 500 pictures/);
  const progress = await visit.text(".progress-text");
  // far below, and rows that come into view on the way there move it
  await page.$eval("#content .actions .primary", (button) => button.click());
  await visit.view("review");
  const message = JSON.parse(await visit.text("pre"));
  return { stopped, progress, sent: message.pictures.length };
}

/** A worker that dies over one picture, and not when that is tried again. */
export async function dead_worker(visit, { pictures }) {
  const { between } = visit;
  let dies = true;
  between.instead = (_, path) => (path === "/dies" ? { status: dies ? 200 : 404 } : null);
  between.tamper = (path, body) => (path.endsWith("/worker.js") ? dying(body) : body);
  await visit.openReady();
  await visit.choose(pictures.photo, pictures.third, pictures.other);
  await visit.settled(3);
  const first = await visit.rows();
  dies = false;
  await visit.press("Try again");
  await visit.says("li.picture:nth-child(2) .status", /Ready/);
  return { first };
}

function dying(program) {
  const dies = `addEventListener("message", ({ data }) => {
    if (data.file?.name !== "cat.webp") return;
    const asked = new XMLHttpRequest();
    asked.open("GET", "/dies", false);
    asked.send();
    if (asked.status === 200) throw new Error("dies");
  });`;
  return Buffer.concat([Buffer.from(dies), program]);
}

/** A browser that computes something else is refused, and can send nothing. */
export async function self_test(visit, { pictures }) {
  const { between, page } = visit;
  between.tamper = (path, body) =>
    path.endsWith("/worker.js") ? Buffer.from(wrong(body.toString())) : body;
  await visit.open();
  await visit.view("refused");
  const said = await page.$eval("#content", (content) => content.innerText);
  const buttons = await page.$$eval("#content button", (all) => all.length);
  void pictures;
  return { said, buttons, submissions: between.submissions.length };
}

/** Three times Escape, and nothing leads back. */
export async function leaving(visit, { pictures }) {
  const { page, between, url } = visit;
  await page.goto(`${url}/livez`);
  await visit.openReady();
  await visit.choose(pictures.photo);
  await visit.settled(1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  assert.ok(page.url().startsWith(url), "other keys between begin the count anew");
  await page.keyboard.press("Escape");
  const elsewhere = () => between.seen.some((each) => each.url.includes("wikipedia.org"));
  await until(elsewhere);
  // the other site is not there: the browser says so in a page of its own
  const isOurs = () => page.evaluate((ours) => location.href.startsWith(ours), url);
  await until(async () => !(await isOurs().catch(() => true)));
  const left = await page.evaluate(() => document.body?.innerText ?? "");
  await page.goBack({ timeout: 2_000 }).catch(() => {});
  await until(async () => await isOurs().catch(() => false));
  visit.errors.length = 0; // the other site's absence is no fault of the page
  return { left, back: await page.evaluate(() => location.pathname) };
}

async function until(condition) {
  for (let tries = 0; !(await condition()); tries += 1) {
    if (tries > 200) throw new Error(`This did not happen: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Everything by keys alone; the focus is at the heading of each step. */
export async function keyboard(visit, { pictures }) {
  const { page } = visit;
  const focus = () => page.evaluate(() => document.activeElement.textContent.trim());
  const heads = [];
  await visit.openReady();
  const order = await tabTo(page, "Begin");
  await page.keyboard.press("Enter");
  heads.push(await focus());
  await tabTo(page, "Choose pictures");
  // the dialog itself belongs to the browser: that the key opens it is what can be seen here
  const input = await page.$("input[type=file]:not([webkitdirectory])");
  await input.evaluate((field) =>
    field.addEventListener("click", (event) => {
      event.preventDefault();
      window.dialog = true;
    }),
  );
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.dialog);
  await input.uploadFile(pictures.photo);
  await visit.settled(1);
  await tabTo(page, "Check what will be sent");
  await page.keyboard.press("Enter");
  heads.push(await focus());
  await tabTo(page, "Show exactly what will be sent");
  await page.keyboard.press("Enter");
  await tabTo(page, "Send the fingerprints");
  await page.keyboard.press("Enter");
  await visit.view("done");
  heads.push(await focus());
  await tabTo(page, "Finish");
  await page.keyboard.press("Enter");
  await visit.says("#first", /keep the number/);
  const back = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press(" ");
  await tabTo(page, "Finish");
  const number = await visit.text("#case-number");
  await page.keyboard.press("Enter");
  await page.waitForSelector("html[data-script] #number");
  await page.waitForFunction(() => document.readyState === "complete");
  await tabTo(page, "", "number");
  await page.keyboard.type(number);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#result:not([hidden])");
  heads.push(await focus());
  return { order, heads, back };
}

async function tabTo(page, text, id = "") {
  const passed = [];
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      const seen = element.getBoundingClientRect();
      const outline = getComputedStyle(element).outlineStyle;
      return { text: element.textContent.trim(), id: element.id, height: seen.height, outline };
    });
    assert.ok(here.height > 0, "the focus can be seen");
    assert.notEqual(here.outline, "none", `the focus is marked at ${here.text}`);
    passed.push(here.text);
    if (id ? here.id === id : here.text === text) return passed;
  }
  throw new Error(`Tab does not lead to ${text || id}, only to: ${passed.join(" | ")}`);
}

/** Pictures that are dropped or pasted, wherever on the page; a text among them is left out. */
export async function dropped(visit) {
  const { page } = visit;
  await visit.openReady();
  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const context = canvas.getContext("2d");
    for (let at = 0; at < 64; at += 1) {
      context.fillStyle = `rgb(${at * 4} ${(at * 37) % 256} 9)`;
      context.fillRect(at, (at * 11) % 64, 9, 30);
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const carry = (...files) => {
      const data = new DataTransfer();
      for (const file of files) data.items.add(file);
      return data;
    };
    const file = new File([blob], "drawn.png", { type: "image/png" });
    const dataTransfer = carry(file);
    document.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }));
    window.covered = getComputedStyle(document.querySelector(".drop-cover")).display;
    document.dispatchEvent(
      new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
    );
    const pasted = new ClipboardEvent("paste", { clipboardData: carry(file) });
    document.dispatchEvent(pasted);
  });
  await visit.settled(2);
  return { covered: await page.evaluate(() => window.covered), rows: await visit.rows() };
}

/** The page of a case, when the number or the phrase is wrong, or the service is away. */
export async function cases(visit, { pictures }) {
  const { page, between } = visit;
  await visit.openReady();
  const { number, phrase } = await visit.submitted(pictures.third);
  await visit.open("/case?lang=en");
  const said = {};
  const look = async (value, name) => {
    await page.$eval("#number", (field, text) => (field.value = text), value);
    await visit.click("#look button");
    await visit.says("#number-error", /./);
    said[name] = await visit.text("#number-error");
  };
  await look("", "no number");
  await look("1234-5678-9012", "another number");
  between.mode = "away";
  await look(number, "away");
  between.mode = "open";
  between.instead = () => ({ status: 429, headers: { "retry-after": "7" } });
  await look(number, "busy");
  between.instead = null;
  // digits of an Arabic keyboard
  const arabic = number.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
  await page.$eval("#number", (field, text) => (field.value = text), arabic);
  await visit.click("#look button");
  await visit.says("#result-title", /Open/);
  const takeBack = async (value, name) => {
    await page.$eval("#phrase", (field, text) => (field.value = text), value);
    await visit.click("#take-back button");
    await visit.says("#phrase-error", /./);
    said[name] = await visit.text("#phrase-error");
  };
  await takeBack("", "no phrase");
  await takeBack("one two three four five six", "another phrase");
  await takeBack("слова", "foreign phrase");
  between.mode = "away";
  await takeBack(phrase, "phrase away");
  between.mode = "open";
  between.instead = (method) =>
    method === "GET" && {
      status: 200,
      body: {
        case: number,
        state: "open",
        in_review: 2,
        platforms: [
          { platform: "Forum", served: "2026-11-20T10:00:00+00:00", blocked: 2, reviewed: 1 },
          { platform: "Chat", served: null, blocked: 0, reviewed: 0 },
        ],
      },
    };
  await visit.click("#look button");
  await visit.says("#platforms-table tbody", /Forum/);
  const platforms = await page.$$eval("#platforms-table tbody tr", (rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent)),
  );
  return { said, platforms };
}

/** Going from language to language, and to the case's page, leaves no trail to go back on. */
export async function languages(visit) {
  const { page } = visit;
  await visit.open();
  const before = await page.evaluate(() => history.length);
  const titles = {};
  for (const language of ["ar", "de", "es", "fr", "uk"]) {
    await Promise.all([
      page.waitForNavigation(),
      visit.click(`.languages a[hreflang='${language}']`),
    ]);
    await page.waitForSelector("html[data-script]");
    titles[language] = await page.evaluate(() => [
      document.documentElement.lang,
      document.documentElement.dir,
      getComputedStyle(document.querySelector("h1")).direction,
    ]);
  }
  return { titles, grown: (await page.evaluate(() => history.length)) - before };
}
