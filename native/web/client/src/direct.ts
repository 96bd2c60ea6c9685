/** The same without a worker of its own, for code that runs in one: a service worker, say. */

import { checkedPicture, preload as preloadOne } from "./selftest/selftest.ts";
import { allTested } from "./tested.ts";
import type { FingerprintOptions, PictureFingerprints, Stage } from "./types.ts";

export { PictureProblem, type ProblemCode } from "./problem.ts";
export { selfTest } from "./selftest/selftest.ts";
export type {
  Fingerprint,
  FingerprintOptions,
  PictureFingerprints,
  SelfTest,
  Stage,
} from "./types.ts";

/**
 * The fingerprints of one picture, in this thread: it is busy meanwhile.
 *
 * @param parts - whether parts and tiles are wanted beside the whole picture.
 * @throws {PictureProblem} the picture was refused; `code` says why.
 */
export function fingerprint(
  file: Blob,
  onProgress: (stage: Stage) => void = () => undefined,
  { parts = false }: Pick<FingerprintOptions, "parts"> = {},
): Promise<PictureFingerprints> {
  return checkedPicture(file, parts, onProgress);
}

/** Fetch and test every decoder, and what makes parts where they are wanted. */
export async function preload({ parts = false }: Pick<FingerprintOptions, "parts"> = {}) {
  for (const what of allTested(parts)) await preloadOne(what);
}
