/** What page and worker say to each other. Every answer carries the number of its request. */

import type { ProblemCode } from "./problem.ts";
import type { Tested } from "./tested.ts";
import type { PictureFingerprints, SelfTest, Stage } from "./types.ts";

export type Request = { id: number } & (
  | { kind: "self-test" }
  | { kind: "preload"; what: Tested }
  | { kind: "fingerprint"; file: Blob; parts: boolean }
);

export interface Results {
  "self-test": SelfTest;
  preload: null;
  fingerprint: PictureFingerprints;
}

export type Answer =
  | { kind: "ready" }
  | { kind: "progress"; id: number; stage: Stage }
  | { kind: "done"; id: number; result: Results[Request["kind"]] }
  | { kind: "problem"; id: number; code: ProblemCode; message: string };
