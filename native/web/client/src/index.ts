/** hashmatch-client: pictures become fingerprints in the browser, and stay there. */

export { Fingerprinter, type StartOptions } from "./fingerprinter.ts";
export { PictureProblem, type ProblemCode } from "./problem.ts";
export type {
  Fingerprint,
  FingerprintKind,
  FingerprintOptions,
  PictureFingerprints,
  SelfTest,
  Stage,
} from "./types.ts";
