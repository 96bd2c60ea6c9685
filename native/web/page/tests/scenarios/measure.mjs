/** What is measured of the page: how long its main thread is ever busy, and how much it loads. */

/** Tasks over 50 ms of the main thread from before the page is there, in milliseconds. */
async function observe(page) {
  await page.evaluateOnNewDocument(() => {
    window.tasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        window.tasks.push([Math.round(startTime), Math.round(duration)]);
      }
    }).observe({ type: "longtask", buffered: true });
  });
}

const tasks = (page) => page.evaluate(() => window.tasks.splice(0).map(([, duration]) => duration));

/** Large pictures, and then many small ones, as they are chosen, hashed and listed. */
export async function busy(visit, { pictures }) {
  const { page } = visit;
  await observe(page);
  await visit.openReady();
  const loading = await tasks(page);
  await visit.choose(...pictures.large);
  await visit.settled(pictures.large.length);
  const large = await tasks(page);
  await visit.press("Remove all");
  await visit.choose(...pictures.many);
  await visit.settled(pictures.many.length);
  const many = await tasks(page);
  await page.$eval("#content .actions .primary", (button) => button.click());
  await visit.view("review");
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { loading, large, many, review: await tasks(page) };
}

/** Bytes as they were sent, by what they are for, and when the first words could be read. */
export async function first_visit(visit) {
  const { page } = visit;
  await visit.openReady();
  return page.evaluate(() => ({
    words: Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0),
    ready: Math.round(performance.now()),
  }));
}
