/** The message that is sent: all of it is made here, and nothing is added later. */

import type { PictureFingerprints } from "hashmatch-client";

/** The body of `POST /v1/cases`. */
export function bodyOf(pictures: readonly PictureFingerprints[]): object {
  return {
    hashes: pictures.flatMap(({ fingerprints }) =>
      fingerprints.map(({ hasher, hash, quality }) => ({ hasher, hash, quality })),
    ),
  };
}
