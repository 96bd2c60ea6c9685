/** The worker: does one request at a time, and says what became of it. */

import { loadCore } from "./core.ts";
import { checkedPicture, preload, selfTest } from "./selftest/selftest.ts";
import type { Answer, Request, Results } from "./messages.ts";
import { PictureProblem } from "./problem.ts";

/** The part of a worker's global scope that is used; the types of pages know only Window. */
interface Scope {
  postMessage(answer: Answer): void;
  addEventListener(kind: "message", listener: (event: MessageEvent<Request>) => void): void;
}
const scope = self as unknown as Scope;

async function answer(request: Request): Promise<Results[Request["kind"]]> {
  switch (request.kind) {
    case "self-test":
      return selfTest();
    case "preload":
      await preload(request.what);
      return null;
    case "fingerprint":
      return checkedPicture(request.file, request.parts, (stage) =>
        scope.postMessage({ kind: "progress", id: request.id, stage }),
      );
  }
}

function problem(id: number, error: unknown): Answer {
  if (error instanceof PictureProblem)
    return { kind: "problem", id, code: error.code, message: error.message };
  // A trap, or a fault of ours: whoever holds this worker replaces it.
  return { kind: "problem", id, code: "worker_lost", message: String(error) };
}

scope.addEventListener("message", ({ data: request }) => {
  answer(request).then(
    (result) => scope.postMessage({ kind: "done", id: request.id, result }),
    (error: unknown) => scope.postMessage(problem(request.id, error)),
  );
});

loadCore().then(
  () => scope.postMessage({ kind: "ready" }),
  (error: unknown) => scope.postMessage(problem(0, error)),
);
