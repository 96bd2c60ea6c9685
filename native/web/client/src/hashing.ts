/** The way of a picture: bytes → header → limits → pixels → fingerprints. */

import { fingerprintsOf } from "./fingerprints.ts";
import { openPicture } from "./formats/open.ts";
import { checkBytes, checkSize } from "./limits.ts";
import { lies } from "./pixels.ts";
import type { PictureFingerprints, Stage } from "./types.ts";

/** @throws {PictureProblem} the picture was refused; `code` says why. */
export async function hashPicture(
  file: Blob,
  parts: boolean,
  onProgress: (stage: Stage) => void = () => undefined,
): Promise<PictureFingerprints> {
  checkBytes(file.size);
  onProgress("reading");
  const opened = await openPicture(new Uint8Array(await file.arrayBuffer()));
  try {
    checkSize(opened.width, opened.height);
    onProgress("decoding");
    const samples = await opened.decode();
    onProgress("hashing");
    const fingerprints = await fingerprintsOf(samples, opened.orientation, parts);
    const [width, height] = lies(opened.orientation)
      ? [samples.height, samples.width]
      : [samples.width, samples.height];
    const { format, decoder } = opened;
    return { fingerprints, width, height, format, decoder, exact: samples.exact };
  } finally {
    opened.close?.();
  }
}
