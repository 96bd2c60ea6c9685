/**
 * Runs scenarios in one browser, each in a context of its own, and prints a line of JSON for each.
 * What to run comes as JSON on standard input; `tests/web` starts it.
 */

import { readFileSync } from "node:fs";
import { Between } from "./between.mjs";
import { launch, Visit } from "./browser.mjs";

const order = JSON.parse(readFileSync(0, "utf8"));
const scenarios = await import(`./scenarios/${order.module}.mjs`);
const between = await new Between().start();
const browser = await launch(order.browser, order.executable, between, order.prefs);
try {
  for (const name of order.scenarios) {
    between.reset();
    const began = performance.now();
    const context = await browser.createBrowserContext();
    let outcome;
    try {
      const visit = new Visit(await context.newPage(), order.url, between);
      const facts = await scenarios[name](visit, order, { context, browser });
      visit.noErrors();
      outcome = { ok: true, facts };
    } catch (error) {
      outcome = { ok: false, error: String(error.stack ?? error) };
    } finally {
      between.mode = "open";
      await context.close();
    }
    const seconds = Math.round(performance.now() - began) / 1000;
    process.stdout.write(`${JSON.stringify({ name, seconds, ...outcome })}\n`);
  }
} finally {
  await browser.close();
  between.close();
}
