/** Operators use the console: signing in, every view, decisions; what is sent, and what is kept. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { Gallery } from "./gallery.mjs";

const VIEWS = ["overview", "reviews", "cases", "lists", "health", "audit"];

async function enter(visit, token) {
  await visit.page.$eval("#token", (field) => (field.value = ""));
  await visit.page.type("#token", token);
  await visit.page.keyboard.press("Enter");
}

async function refused(visit, token) {
  await visit.page.$eval("#token-error", (error) => (error.textContent = ""));
  await enter(visit, token);
  await visit.says("#token-error", /./);
  return visit.text("#token-error");
}

async function settled(visit, name) {
  await visit.page.waitForSelector(`#view[data-view='${name}'][aria-busy='false']:not([hidden])`);
}

async function signedIn(visit, { token }) {
  await visit.open("/console");
  await enter(visit, token);
  await settled(visit, "overview");
}

async function go(visit, name) {
  await visit.click(`#views a[href='#${name}']`);
  await settled(visit, name);
}

/** With the wrong token, then the right one, then out again. */
export async function signing_in(visit, order) {
  const { page, between } = visit;
  await visit.open("/console");
  const before = between.seen.length;
  const said = {
    nothing: await refused(visit, ""),
    password: await refused(visit, "correct horse battery staple"),
  };
  const sent = traffic(between).slice(before);
  said.wrong = await refused(visit, order.wrong_token);
  said.other = await refused(visit, order.other_token);
  between.mode = "away";
  said.away = await refused(visit, order.token);
  between.mode = "open";
  await enter(visit, order.token);
  await settled(visit, "overview");
  const focus = await page.evaluate(() => document.activeElement.textContent);
  const kept = await page.evaluate(() => ({
    page: document.documentElement.outerHTML,
    field: document.querySelector("#token").value,
    stores: [document.cookie, localStorage.length, sessionStorage.length],
    databases: indexedDB.databases ? "asked" : "none",
    address: location.href,
  }));
  await visit.click("#sign-out");
  const out = await page.evaluate(() => [
    document.querySelector("#view").childElementCount,
    document.querySelector("#sign-in").checkVisibility(),
    document.activeElement.id,
  ]);
  await page.reload();
  await visit.says("#sign-in-title", /Sign in/);
  return { said, sent, focus, kept, out, traffic: traffic(between) };
}

function traffic(between) {
  return between.seen.map(({ method, url, headers, body }) => ({ method, url, headers, body }));
}

/** Every view, by the keys alone, and back by the browser's own button. */
export async function views(visit, order) {
  const { page } = visit;
  await signedIn(visit, order);
  const texts = {};
  for (const name of VIEWS) {
    await page.focus("#sign-out");
    for (let at = 0; at <= VIEWS.indexOf(name); at += 1) await page.keyboard.press("Tab");
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement).outlineStyle,
    );
    assert.notEqual(outline, "none", "the focus can be seen");
    await page.keyboard.press("Enter");
    await page.waitForFunction((hash) => location.hash === hash, {}, `#${name}`);
    await settled(visit, name);
    await page.waitForFunction(() => document.activeElement.localName === "h1");
    texts[name] = await page.$eval("#view", (view) => view.innerText);
  }
  const plots = await page.evaluate(() => document.querySelectorAll("svg.plot").length);
  await page.goBack();
  await settled(visit, "health");
  const bars = await page.$$eval(".plot .first", (all) => all.map((bar) => bar.textContent));
  await go(visit, "audit");
  await page.type("#actor", "nobody");
  await page.keyboard.press("Enter");
  await visit.says("#announcer", /Nothing was found/);
  await page.$eval("#actor", (input) => (input.value = ""));
  await page.type("#subject", order.subject);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#view tbody tr"));
  const found = await page.$$eval("#view tbody tr", (rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent)),
  );
  return { texts, bars, found, plots };
}

/** One entry is confirmed, one demoted, one withdrawn; the last after thinking again. */
export async function decisions(visit, order) {
  const { page } = visit;
  await signedIn(visit, order);
  await go(visit, "reviews");
  const entries = () =>
    page.$$eval("li[data-entry]", (all) => all.map((each) => Number(each.dataset.entry)));
  const before = await entries();
  await page.select("#held", "flood");
  const flooded = await entries();
  await page.select("#held", "all");
  const said = [];
  const [confirmed, demoted, withdrawn] = order.entries;
  for (const [entry, what, tabs] of [
    [confirmed, "Confirm", 0],
    [demoted, "Demote", 1],
    [withdrawn, "Withdraw", 2],
  ]) {
    const open = async () => {
      await page.focus(`li[data-entry='${entry}'] button`);
      for (let at = 0; at < tabs; at += 1) await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog[open] #reason");
    };
    if (what === "Withdraw") {
      await open();
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => !document.querySelector("dialog"));
      assert.ok((await entries()).includes(entry));
    }
    await open();
    await page.keyboard.type("seen in a test");
    await page.keyboard.press("Enter");
    await visit.says("#announcer", new RegExp(`Entry ${entry} `));
    said.push(await visit.text("#announcer"));
    await settled(visit, "reviews");
    const focus = await page.evaluate(() => document.activeElement.localName);
    assert.equal(focus, "h1", "the focus is not lost with the button");
  }
  return { before, flooded, said, after: await entries() };
}

/** The service is away, busy, or the token ends while somebody is signed in. */
export async function trouble(visit, order) {
  const { between } = visit;
  await signedIn(visit, order);
  const said = {};
  between.mode = "away";
  await visit.press("Refresh");
  await visit.says("#trouble", /cannot be reached/);
  between.mode = "open";
  between.instead = () => ({ status: 429 });
  await visit.press("Refresh");
  await visit.says("#trouble", /Too many requests/);
  between.instead = null;
  await visit.press("Refresh");
  await visit.page.waitForFunction(() => !document.querySelector("#trouble"));
  await go(visit, "reviews");
  between.instead = (method) => method === "POST" && { status: 404 };
  await visit.click(`li[data-entry='${order.entries[0]}'] button`);
  await visit.page.waitForSelector("dialog[open]");
  await visit.page.keyboard.press("Enter");
  await visit.says("#trouble", /in no list any more/);
  between.instead = () => ({ status: 401 });
  await visit.press("Refresh");
  await visit.says("#ended", /not valid any more/);
  said.left = await visit.page.$eval("#view", (view) => view.childElementCount);
  return said;
}

/** Every view by day and by night: axe, overflow, pictures. */
export async function gallery(visit, order) {
  const { page } = visit;
  if (order.screenshots) mkdirSync(order.screenshots, { recursive: true });
  const violations = [];
  const overflows = [];
  for (const scheme of ["light", "dark"]) {
    const seen = new Gallery(visit, { ...order, language: "console", scheme });
    await page.emulateMediaFeatures(seen.scheme);
    await visit.open("/console");
    await refused(visit, "no token");
    await seen.look("sign-in");
    await enter(visit, order.token);
    for (const name of VIEWS) {
      // what is hovered looks otherwise
      await page.mouse.move(0, 0);
      if (name !== "overview") await go(visit, name);
      await settled(visit, name);
      if (name === "overview") await visit.click("summary");
      await seen.look(name);
      if (name === "reviews") {
        await visit.click(`li[data-entry='${order.entries[2]}'] button:last-child`);
        await page.waitForSelector("dialog[open]");
        await seen.look("decision");
        await page.keyboard.press("Escape");
      }
    }
    await visit.click("#sign-out");
    violations.push(...seen.violations);
    overflows.push(...seen.overflows);
  }
  return { violations, overflows };
}
