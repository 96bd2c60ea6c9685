/** The message that is sent: all of it is made here, and nothing is added later. */

import type { Fingerprint, PictureFingerprints } from "hashmatch-client";

/** The body of `POST /v1/cases`. */
export function bodyOf(pictures: readonly PictureFingerprints[]): {
  pictures: { fingerprints: Fingerprint[] }[];
} {
  return { pictures: pictures.map(({ fingerprints }) => ({ fingerprints })) };
}
