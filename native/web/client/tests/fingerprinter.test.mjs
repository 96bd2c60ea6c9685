import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Fingerprinter } from "../src/fingerprinter.ts";

/** Stands in for a Web Worker: tests say what it answers. */
class FakeWorker extends EventTarget {
  static made = [];
  asked = [];
  ended = false;

  constructor(url) {
    super();
    this.url = url;
    FakeWorker.made.push(this);
    queueMicrotask(() => this.answer({ kind: "ready" }));
  }
  postMessage(request) {
    this.asked.push(request);
  }
  answer(data) {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
  terminate() {
    this.ended = true;
  }
}
globalThis.Worker = FakeWorker;
beforeEach(() => (FakeWorker.made = []));

const start = () => Fingerprinter.start({ base: "https://example.org/client/" });
const code = (promise) =>
  promise.then(
    (result) => result,
    (problem) => problem.code,
  );
const picture = () => new Blob(["x"]);

test("one picture at a time, in order, by a worker of the same folder", async () => {
  const fingerprinter = await start();
  const [worker] = FakeWorker.made;
  assert.equal(worker.url.href, "https://example.org/client/worker.js");
  const both = [fingerprinter.fingerprint(picture()), fingerprinter.fingerprint(picture())];
  await Promise.resolve();
  assert.equal(worker.asked.length, 1);
  worker.answer({ kind: "done", id: worker.asked[0].id, result: "first" });
  worker.answer({ kind: "done", id: worker.asked[1].id, result: "second" });
  assert.deepEqual(await Promise.all(both), ["first", "second"]);
});

test("a problem is that of its picture only", async () => {
  const fingerprinter = await start();
  const [worker] = FakeWorker.made;
  const result = code(fingerprinter.fingerprint(picture()));
  worker.answer({ kind: "problem", id: worker.asked[0].id, code: "blank", message: "" });
  assert.equal(await result, "blank");
  assert.equal(worker.ended, false);
});

test("a worker that dies is replaced for the next picture", async () => {
  const fingerprinter = await start();
  const results = [
    code(fingerprinter.fingerprint(picture())),
    code(fingerprinter.fingerprint(picture())),
  ];
  const event = new Event("error", { cancelable: true });
  FakeWorker.made[0].dispatchEvent(event);
  assert.equal(await results[0], "worker_lost");
  assert.equal(FakeWorker.made[0].ended, true);
  const [, next] = FakeWorker.made;
  next.answer({ kind: "done", id: next.asked[0].id, result: "second" });
  assert.equal(await results[1], "second");
});

test("what a dismissed worker still says is not heard", async () => {
  const fingerprinter = await start();
  const stop = new AbortController();
  const first = code(fingerprinter.fingerprint(picture(), { signal: stop.signal }));
  const [worker] = FakeWorker.made;
  const { id } = worker.asked[0];
  stop.abort();
  assert.equal(await first, "cancelled");
  const second = code(fingerprinter.fingerprint(picture()));
  worker.answer({ kind: "done", id: id + 1, result: "from the dead" });
  FakeWorker.made[1].answer({ kind: "done", id: id + 1, result: "second" });
  assert.equal(await second, "second");
});

test("progress is told by its picture's stages", async () => {
  const fingerprinter = await start();
  const [worker] = FakeWorker.made;
  const stages = [];
  const done = fingerprinter.fingerprint(picture(), { onProgress: (stage) => stages.push(stage) });
  const { id } = worker.asked[0];
  for (const stage of ["reading", "decoding", "hashing"])
    worker.answer({ kind: "progress", id, stage });
  worker.answer({ kind: "done", id, result: {} });
  await done;
  assert.deepEqual(stages, ["waiting", "reading", "decoding", "hashing"]);
});

test("closing cancels what waits and what is under way", async () => {
  const fingerprinter = await start();
  const results = [1, 2, 3].map(() => code(fingerprinter.fingerprint(picture())));
  fingerprinter.close();
  assert.deepEqual(await Promise.all(results), Array(3).fill("cancelled"));
  assert.equal(FakeWorker.made[0].ended, true);
  assert.equal(await code(fingerprinter.fingerprint(picture())), "cancelled");
});

test("parts are asked for only where they are wanted", async () => {
  const fingerprinter = await start();
  const [worker] = FakeWorker.made;
  for (const [at, options] of [undefined, { parts: true }].entries()) {
    const asked = fingerprinter.fingerprint(picture(), options);
    await Promise.resolve();
    worker.answer({ kind: "done", id: worker.asked[at].id, result: null });
    await asked;
  }
  assert.deepEqual(
    worker.asked.map(({ parts }) => parts),
    [false, true],
  );
});

test("a picture that comes while all is loaded waits for one piece at most", async () => {
  const fingerprinter = await start();
  const [worker] = FakeWorker.made;
  const order = [];
  const answered = async () => {
    await new Promise(setImmediate);
    const { id, kind, what } = worker.asked.at(-1);
    order.push(what ?? kind);
    worker.answer({ kind: "done", id, result: null });
  };
  const loaded = fingerprinter.preload({ parts: true });
  await answered();
  await new Promise(setImmediate);
  const hashed = fingerprinter.fingerprint(picture());
  await answered();
  await answered();
  await hashed;
  for (let left = 6; left > 0; left--) await answered();
  await loaded;
  assert.deepEqual(order.slice(0, 3), ["jpeg", "parts", "fingerprint"]);
  assert.deepEqual(order.slice(3).sort(), ["avif", "bmp", "gif", "heic", "png", "webp"]);
});
