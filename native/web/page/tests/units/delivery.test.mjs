/** Sending, against a service that answers as it pleases. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Delivery } from "../../src/delivery.ts";

const RECEIPT = { case: "1234", secret_phrase: "one two", pictures: [{ state: "live" }] };
const json = (status, body, headers = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });

/** Send once; `answers` are what fetch gives, one after the other. */
async function deliver(...answers) {
  const keys = [];
  const seen = [];
  globalThis.fetch = async (_, { headers }) => {
    keys.push(headers["Idempotency-Key"]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const delivery = new Delivery("{}", {
    trying: () => {},
    postponed: ({ reason }, seconds) => {
      seen.push(`${reason} ${seconds}`);
      delivery.tryNow();
    },
    arrived: (receipt) => seen.push(receipt),
    refused: ({ reason }) => seen.push(reason),
  });
  mock.timers.enable({ apis: ["setTimeout"] });
  const done = delivery.run();
  for (let turns = 0; turns < 500; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(1000);
  }
  await done;
  mock.timers.reset();
  return { keys, seen };
}

test("what arrives at once", async () => {
  const { keys, seen } = await deliver(json(201, RECEIPT));
  assert.equal(keys[0].length, 64);
  assert.deepEqual(seen, [{ case: "1234", phrase: "one two", outcomes: [{ state: "live" }] }]);
});

test("every try has the same key, and waits longer", async () => {
  const away = () => new TypeError("no network");
  const { keys, seen } = await deliver(away(), away(), away(), json(201, RECEIPT));
  assert.equal(new Set(keys).size, 1);
  assert.equal(keys.length, 4);
  assert.ok(seen.includes("away 2") && seen.includes("away 4") && seen.includes("away 8"));
});

test("the service says how long to wait", async () => {
  const { seen } = await deliver(json(429, {}, { "retry-after": "7" }), json(201, RECEIPT));
  assert.equal(seen[0], "busy 7");
});

for (const [status, reason] of [
  [400, "refused"],
  [401, "closed"],
  [403, "closed"],
  [413, "too_big"],
  [422, "refused"],
]) {
  test(`${status} is final: ${reason}`, async () => {
    const { keys, seen } = await deliver(json(status, {}));
    assert.deepEqual([keys.length, seen], [1, [reason]]);
  });
}

for (const [name, answer] of [
  ["a page of a hotel's network", json(200, "<html>")],
  ["JSON of something else", json(200, { hello: 1 })],
  ["no object", json(200, "null")],
  ["a fault of the service", json(500, {})],
]) {
  test(`${name} is no answer`, async () => {
    const { keys } = await deliver(answer, json(201, RECEIPT));
    assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
  });
}
