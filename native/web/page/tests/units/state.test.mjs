/** The state machine by itself: every step, and what each refuses. */

import assert from "node:assert/strict";
import { bodyOf } from "../../src/submission.ts";
import { test } from "node:test";
import { INITIAL, isFinished, isWeak, next, repeats, sendable } from "../../src/state.ts";

const file = (name = "a.jpg") => ({ name });
const result = (hash, quality = 97) => ({
  fingerprints: [{ kind: "whole", hasher: "pdq", hash, quality }],
  exact: true,
});
const play = (...happenings) => happenings.reduce(next, INITIAL);
const go = (step) => ({ type: "go", step });
const chosen = (count, leftOut = 0) => ({
  type: "chosen",
  files: Array.from({ length: count }, (_, at) => file(`${at}.jpg`)),
  leftOut,
});
const hashed = (number, hash, quality) => ({
  type: "hashed",
  number,
  result: result(hash, quality),
});
const failed = (number, problem = "empty") => ({ type: "failed", number, problem });
const final = { type: "obstacle", obstacle: { reason: "refused", final: true } };
const away = { type: "obstacle", obstacle: { reason: "away", final: false } };
const reviewed = [go("choose"), chosen(1), hashed(1, "aa"), go("review")];

test("pictures are numbered from 1, and no number is given twice", () => {
  const state = play(go("choose"), chosen(2), { type: "removed", number: 2 }, chosen(1));
  assert.deepEqual(
    state.pictures.map((each) => each.number),
    [1, 3],
  );
});

test("a case takes 500 pictures, and says when there were more", () => {
  const state = play(go("choose"), chosen(400), chosen(101));
  assert.equal(state.pictures.length, 500);
  assert.equal(state.tooMany, true);
  assert.equal(next(state, { type: "cleared" }).tooMany, false);
});

test("pictures are taken in one step only", () => {
  assert.equal(play(chosen(1)).pictures.length, 0);
  assert.equal(play(...reviewed, chosen(1)).pictures.length, 1);
});

test("what is not finished cannot be reviewed, nor what has no fingerprint", () => {
  const waiting = play(go("choose"), chosen(2), hashed(1, "aa"));
  assert.equal(isFinished(waiting), false);
  assert.equal(next(waiting, go("review")).step, "choose");
  const useless = play(go("choose"), chosen(1), failed(1));
  assert.equal(next(useless, go("review")).step, "choose");
  assert.equal(next(next(waiting, failed(2)), go("review")).step, "review");
});

test("the same picture is sent once", () => {
  const state = play(go("choose"), chosen(3), hashed(1, "aa"), hashed(2, "bb"), hashed(3, "aa"));
  assert.deepEqual([...repeats(state.pictures)], [[3, 1]]);
  assert.deepEqual(
    sendable(state).map((each) => each.number),
    [1, 2],
  );
  const left = next(state, { type: "removed", number: 1 });
  assert.deepEqual(
    sendable(left).map((each) => each.number),
    [2, 3],
  );
});

test("another try forgets why the last one failed", () => {
  const state = play(go("choose"), chosen(1), failed(1, "worker_lost"), {
    type: "again",
    number: 1,
  });
  assert.deepEqual(Object.keys(state.pictures[0]).sort(), ["file", "number", "stage"]);
});

test("only what changed is another object", () => {
  const before = play(go("choose"), chosen(2));
  const after = next(before, { type: "stage", number: 2, stage: "decoding" });
  assert.equal(after.pictures[0], before.pictures[0]);
  assert.notEqual(after.pictures[1], before.pictures[1]);
});

test("while it is on its way nobody goes anywhere", () => {
  const sending = play(...reviewed, { type: "sending" });
  assert.equal(sending.step, "sending");
  for (const state of [sending, next(sending, away)]) {
    for (const step of ["welcome", "choose", "review"]) {
      assert.equal(next(state, go(step)).step, "sending");
    }
    assert.equal(next(state, chosen(1)).pictures.length, 1);
  }
});

test("a refusal frees the way back", () => {
  const refused = play(...reviewed, { type: "sending" }, final);
  assert.equal(next(refused, go("choose")).step, "choose");
  assert.equal(next(refused, go("choose")).obstacle, null);
});

test("nothing is sent but from the review, and nothing arrives that was not sent", () => {
  assert.equal(play({ type: "sending" }).step, "welcome");
  const receipt = { case: "1", phrase: "a b", outcomes: [] };
  assert.equal(play({ type: "arrived", receipt }).step, "welcome");
  assert.equal(play(away).obstacle, null);
});

test("what has arrived leaves no pictures behind, and is the end", () => {
  const receipt = { case: "1", phrase: "a b", outcomes: [] };
  const state = play(...reviewed, { type: "sending" }, { type: "arrived", receipt });
  assert.deepEqual([state.step, state.pictures, state.sent], ["done", [], [1]]);
  assert.equal(next(state, go("choose")).step, "done");
});

test("a picture of low quality is weak, one of unknown quality is not", () => {
  assert.equal(isWeak(result("aa", 49)), true);
  assert.equal(isWeak(result("aa", 50)), false);
  assert.equal(isWeak(result("aa", null)), false);
});

const withParts = (hash, parts) => ({
  ...result(hash),
  fingerprints: [
    ...result(hash).fingerprints,
    { kind: "parts", hasher: "pdq-part", hash: parts, quality: null },
  ],
});
const wanted = (parts) => ({ type: "parts", parts });

test("parts are sent unless the person chose otherwise, in the review only", () => {
  const state = play(...reviewed);
  assert.equal(state.parts, true);
  assert.equal(next(state, wanted(false)).parts, false);
  assert.equal(next(next(state, wanted(false)), go("choose")).parts, false);
  assert.equal(play(wanted(false)).parts, true);
  assert.equal(next(next(state, { type: "sending" }), wanted(false)).parts, true);
});

test("without parts, what is sent is the whole picture's fingerprint", () => {
  const picture = withParts("aa", "0140");
  assert.deepEqual(bodyOf([picture], true).pictures, [{ fingerprints: picture.fingerprints }]);
  assert.deepEqual(bodyOf([picture], false).pictures, [
    { fingerprints: result("aa").fingerprints },
  ]);
});

test("pictures are the same by their whole, whatever their parts are", () => {
  const state = [
    { type: "hashed", number: 1, result: withParts("aa", "01") },
    { type: "hashed", number: 2, result: withParts("aa", "02") },
  ].reduce(next, play(go("choose"), chosen(2)));
  assert.deepEqual([...repeats(state.pictures)], [[2, 1]]);
});
