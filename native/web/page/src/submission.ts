/** The message that is sent: all of it is made here, and nothing is added later. */

import type { Fingerprint, PictureFingerprints } from "hashmatch-client";

/** The fingerprints of a picture that are sent: of its parts only where they may be. */
export function chosenOf(picture: PictureFingerprints, parts: boolean): Fingerprint[] {
  return picture.fingerprints.filter(({ kind }) => parts || kind !== "parts");
}

/** The body of `POST /v1/cases`. */
export function bodyOf(
  pictures: readonly PictureFingerprints[],
  parts: boolean,
): { pictures: { fingerprints: Fingerprint[] }[] } {
  return { pictures: pictures.map((each) => ({ fingerprints: chosenOf(each, parts) })) };
}
