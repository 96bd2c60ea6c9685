/** The fingerprints of one picture, of every kind that is made: add a kind here, and only here. */

import { pdq } from "./core.ts";
import { flatChannels, lies, type Samples, writeUpright } from "./pixels.ts";
import { PictureProblem } from "./problem.ts";
import type { Fingerprint } from "./types.ts";

/** @throws {PictureProblem} "blank", where there is nothing to tell the picture by. */
export async function fingerprintsOf(
  samples: Samples,
  orientation: number,
): Promise<Fingerprint[]> {
  const { width, height } = samples;
  const [across, down] = lies(orientation) ? [height, width] : [width, height];
  const whole = await pdq(across, down, flatChannels(samples), (pixels) =>
    writeUpright(samples, orientation, pixels),
  );
  if (whole.quality === 0)
    throw new PictureProblem("blank", "The picture is blank: its quality is 0 of 100.");
  return [{ kind: "whole", hasher: "pdq", hash: whole.hex, quality: whole.quality }];
}
