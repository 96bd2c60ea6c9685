/** A browser as the tests want it, and what they do in it again and again. */

import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

const PATIENCE_MS = 20_000;

/** Start a browser all of whose traffic goes through `between`. */
export function launch(browser, executablePath, between, prefs = {}) {
  const common = { browser, executablePath, headless: true, protocolTimeout: 60_000 };
  if (browser === "firefox") {
    return puppeteer.launch({
      ...common,
      extraPrefsFirefox: {
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": between.port,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": between.port,
        "network.proxy.no_proxies_on": "",
        "network.proxy.allow_hijacking_localhost": true,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        ...prefs,
      },
    });
  }
  return puppeteer.launch({
    ...common,
    args: [
      "--no-sandbox", // the tests may run as root
      `--proxy-server=127.0.0.1:${between.port}`,
      "--proxy-bypass-list=<-loopback>",
      "--disable-component-update",
      "--disable-background-networking",
      "--disable-dev-shm-usage",
    ],
  });
}

/** Click an element where it has come to rest. */
async function clickStill(handle) {
  await handle.evaluate(async (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    // what is still moving would not be where the click goes
    for (let before = Number.NaN; ;) {
      const { top } = element.getBoundingClientRect();
      if (top === before) return;
      before = top;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  });
  await handle.click();
}

/** The page under test, in a context of its own. */
export class Visit {
  constructor(page, url, between) {
    this.page = page;
    this.url = url;
    this.between = between;
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.setDefaultTimeout(PATIENCE_MS);
  }

  async open(path = "/?lang=en") {
    await this.page.goto(this.url + path, { waitUntil: "load" });
    await this.page.waitForSelector("html[data-script]");
  }

  /** Open the page and wait until its self-test has passed. */
  async openReady(path) {
    await this.open(path);
    await this.page.waitForSelector("#connection:not([data-state='loading'])");
  }

  /** Begin, and wait until nothing needs to be loaded any more. */
  async loaded() {
    await this.click("#begin");
    await this.page.waitForSelector("#connection[data-state='ready']");
  }

  async choose(...files) {
    if (await this.page.$("#begin")) await this.click("#begin");
    const input = await this.page.$("input[type=file]:not([webkitdirectory])");
    await input.uploadFile(...files);
  }

  /** Wait until so many pictures are listed and none is being worked on. */
  async settled(count) {
    await this.page.waitForFunction(
      (wanted) => {
        const rows = [...document.querySelectorAll("li.picture")];
        const done = rows.filter((row) => ["good", "note", "bad"].includes(row.dataset.tone));
        return rows.length === wanted && done.length === wanted;
      },
      { timeout: 60_000 },
      count,
    );
  }

  /** What the list says of each picture. */
  rows() {
    return this.page.$$eval("li.picture", (rows) =>
      rows.map((row) => ({
        name: row.querySelector(".name").textContent.trim(),
        status: row.querySelector(".status").textContent,
        tone: row.dataset.tone,
      })),
    );
  }

  /** Press the visible button of this text. */
  async press(text) {
    const button = await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll("button, a")].find(
          (each) => each.textContent.trim() === wanted && each.checkVisibility(),
        ),
      {},
      text,
    );
    await clickStill(button);
  }

  /** Click the first element of this selector once it is visible. */
  async click(selector) {
    await clickStill(await this.page.waitForSelector(selector, { visible: true }));
  }

  async view(name) {
    await this.page.waitForSelector(`body[data-view='${name}']`);
  }

  text(selector) {
    return this.page.$eval(selector, (element) => element.textContent);
  }

  /** Wait until an element of this selector says something of this kind. */
  async says(selector, pattern) {
    await this.page.waitForFunction(
      (where, source) => {
        const element = document.querySelector(where);
        return element?.checkVisibility() && new RegExp(source).test(element.textContent);
      },
      {},
      selector,
      pattern.source,
    );
  }

  /** From the open page to the review of these pictures. */
  async toReview(...files) {
    await this.choose(...files);
    await this.settled(files.length);
    await this.press("Check what will be sent");
    await this.view("review");
  }

  async submitted(...files) {
    await this.toReview(...files);
    await this.press("Send the fingerprints");
    await this.view("done");
    return { number: await this.text("#case-number"), phrase: await this.text("#secret-phrase") };
  }

  async isWithin() {
    const { wide, there } = await this.page.evaluate(() => ({
      wide: document.scrollingElement.scrollWidth,
      there: document.documentElement.clientWidth,
    }));
    assert.ok(wide <= there, `the page is ${wide} px wide, the screen ${there} px`);
  }

  noErrors() {
    assert.deepEqual(this.errors, []);
  }
}
