// Opens a page in a browser, runs steps in it, and prints what they gave. The job is on stdin.

import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const job = JSON.parse(await text(process.stdin));
const { resolve } = createRequire(join(job.packages, "package.json"));
const { default: puppeteer } = await import(pathToFileURL(resolve("puppeteer-core")).href);

const browser = await puppeteer.launch({
  browser: job.browser,
  executablePath: job.program,
  headless: true,
  protocolTimeout: 170_000,
  args:
    job.browser === "chrome" ? ["--no-sandbox", "--disable-dev-shm-usage", ...job.switches] : [],
  extraPrefsFirefox: job.preferences,
});
try {
  const page = await browser.newPage();
  await page.goto(job.address, { waitUntil: "load" });
  await page.waitForFunction(() => globalThis.harness !== undefined, { timeout: 20_000 });
  const results = [];
  for (const [name, ...given] of job.steps)
    results.push(
      await page.evaluate((name, given) => globalThis.harness[name](...given), name, given),
    );
  console.log(JSON.stringify(results));
} finally {
  await browser.close();
}
