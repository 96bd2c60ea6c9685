/** Every state of the page: looked at by axe, measured for overflow, and pictured if wanted. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Visit } from "../browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = { phone: [360, 740], narrow: [320, 640], desktop: [1280, 900] };

/** Looks at one state, in one language and colour scheme. */
export class Gallery {
  violations = [];
  overflows = [];
  states = [];

  constructor(visit, { screenshots, language, scheme }) {
    this.visit = visit;
    this.folder = screenshots;
    this.language = language;
    this.label = `${language}-${scheme}`;
    this.scheme = [{ name: "prefers-color-scheme", value: scheme }];
  }

  async look(state) {
    const { page } = this.visit;
    this.states.push(state);
    // what fades in is judged, and pictured, when it is there
    await page.evaluate(() =>
      Promise.all(document.getAnimations().map((each) => each.finish())).catch(() => {}),
    );
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await page.setViewport({ width, height, isMobile: false });
      await this.#measure(`${state} ${size}`);
      if (this.folder) {
        await page.evaluate(() => scrollTo(0, 0));
        const path = join(this.folder, `${this.label}-${state}-${size}.png`);
        await page.screenshot({ path, fullPage: true });
      }
    }
    // 200 % of the text alone
    await page.evaluate(() => (document.documentElement.style.fontSize = "212.5%"));
    await page.setViewport({ width: 640, height: 740 });
    await this.#measure(`${state} at 200 %`);
    await page.evaluate(() => document.documentElement.removeAttribute("style"));
    await page.setViewport({ width: 360, height: 740 });
    await page.evaluate(AXE);
    const found = await page.evaluate(async (values) => {
      const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values } });
      return violations.map((each) => ({
        rule: each.id,
        nodes: each.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
      }));
    }, RULES);
    this.violations.push(...found.map((each) => ({ state, ...each })));
  }

  /** Look at the view of this name, which the page comes to when its program is tampered with. */
  async lookAnew(browser, view, tamper) {
    const { url, between } = this.visit;
    const context = await browser.createBrowserContext();
    between.tamper = tamper;
    this.visit = new Visit(await context.newPage(), url, between);
    await this.visit.page.emulateMediaFeatures(this.scheme);
    await this.visit.open(`/?lang=${this.language}`);
    await this.visit.view(view);
    await this.look(view);
    between.tamper = null;
    await context.close();
  }

  async #measure(where) {
    const { wide, there } = await this.visit.page.evaluate(() => ({
      wide: document.scrollingElement.scrollWidth,
      there: document.documentElement.clientWidth,
    }));
    if (wide > there) this.overflows.push(`${where}: ${wide} > ${there}`);
  }
}

export async function gallery(visit, order, { context, browser }) {
  const { page, between } = visit;
  const { language, scheme } = order;
  if (order.screenshots) mkdirSync(order.screenshots, { recursive: true });
  const seen = new Gallery(visit, order);
  await page.emulateMediaFeatures(seen.scheme);
  const click = (selector) => visit.click(selector);
  const lastOf = (selector) => page.$$eval(selector, (all) => all.at(-1).click());
  const primary = "#content .actions .primary:not([hidden])";

  await visit.openReady(`/?lang=${language}`);
  await seen.look("welcome");
  await click("#begin");
  await seen.look("choose");
  await visit.choose(...order.pictures.mixed);
  await visit.settled(order.pictures.mixed.length);
  await seen.look("chosen");
  await click(".bar button");
  await new Promise((resolve) => setTimeout(resolve, 700));
  await seen.look("revealed");
  await click(primary);
  await visit.view("review");
  await lastOf("summary");
  await seen.look("review");
  await lastOf("summary");
  await click("label[for='parts']");
  await page.waitForFunction(() => document.querySelectorAll(".kinds dt").length === 1);
  await seen.look("whole-only");
  await click("label[for='parts']");
  between.mode = "away";
  await click(primary);
  await page.waitForSelector("#content .actions .primary:not([hidden])");
  await seen.look("away");
  between.mode = "open";
  await click(primary);
  await visit.view("done");
  const number = await visit.text("#case-number");
  const phrase = await visit.text("#secret-phrase");
  await click(primary);
  await seen.look("done");

  await visit.open(`/case?lang=${language}`);
  await page.type("#number", "1234-5678-9012");
  await click("#look button");
  await page.waitForSelector("#number[aria-invalid]");
  await seen.look("case-unknown");
  await page.$eval("#number", (field, value) => (field.value = value), number);
  await click("#look button");
  await page.waitForSelector("#result:not([hidden])");
  await page.type("#phrase", "one two three four five six");
  await click("#take-back button");
  await page.waitForSelector("#phrase[aria-invalid]");
  await seen.look("case-open");
  between.instead = (method) => method === "GET" && { status: 200, body: lookedFor(number) };
  await click("#look button");
  await page.waitForSelector("#platforms-table:not([hidden])");
  await seen.look("case-platforms");
  between.instead = null;
  await page.$eval("#phrase", (field, value) => (field.value = value), phrase);
  await click("#take-back button");
  await page.waitForSelector("#taken-back:not([hidden])");
  await seen.look("case-withdrawn");

  // what the browser has kept of the program is good: each of these begins with nothing
  await seen.lookAnew(browser, "refused", (path, body) =>
    path.endsWith("/worker.js") ? Buffer.from(wrong(body.toString())) : body,
  );
  await seen.lookAnew(browser, "lost", (path, body) =>
    path.endsWith(".wasm") ? Buffer.from("nothing") : body,
  );

  const silent = await context.newPage();
  await silent.emulateMediaFeatures(seen.scheme);
  await silent.setJavaScriptEnabled(false);
  await silent.goto(`${visit.url}/?lang=${language}`);
  if (order.screenshots) {
    await silent.setViewport({ width: 360, height: 740 });
    const path = join(order.screenshots, `${language}-${scheme}-no-script-phone.png`);
    await silent.screenshot({ path, fullPage: true });
  }
  const shown = await silent.$eval("body", (body) => body.innerText);
  await silent.close();
  return { violations: seen.violations, overflows: seen.overflows, states: seen.states, shown };
}

/** A case as a service tells of it that platforms follow. */
function lookedFor(number) {
  return {
    case: number,
    state: "open",
    created: "2026-11-20T10:00:00+00:00",
    entries: 3,
    active: 3,
    in_review: 1,
    platforms: [
      { platform: "a-forum-with-a-very-long-name.example", served: null, blocked: 0, reviewed: 0 },
      { platform: "Chat", served: "2026-11-21T10:00:00+00:00", blocked: 1234, reviewed: 1 },
    ],
  };
}

/** Known answers with one digit changed: then no browser computes them. */
export function wrong(program) {
  return program.replace(
    /(["'`])([0-9a-f]{63})([0-9a-f])\1/g,
    (_, quote, most, last) => quote + most + (last === "0" ? "1" : "0") + quote,
  );
}
