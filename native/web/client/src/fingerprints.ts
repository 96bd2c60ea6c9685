/** The fingerprints of one picture, of every kind that is made: add a kind here, and only here. */

import { pdq, type Hashed, type Upright } from "./core.ts";
import { flatChannels, lies, type Samples, writeUpright } from "./pixels.ts";
import { PictureProblem } from "./problem.ts";
import type { Fingerprint } from "./types.ts";

/** Under this quality there are no parts: lists have it as their default, and match by none then. */
const LEAST_FOR_PARTS = 50;

/**
 * @param parts - whether parts and tiles are wanted too.
 * @throws {PictureProblem} "blank", where there is nothing to tell the picture by.
 */
export async function fingerprintsOf(
  samples: Samples,
  orientation: number,
  parts: boolean,
): Promise<Fingerprint[]> {
  const upright = uprightOf(samples, orientation);
  if (!parts) return [wholeFrom(await pdq(upright))];
  const { pdqAndParts } = await import("./parts.ts");
  const found = await pdqAndParts(upright, LEAST_FOR_PARTS);
  const whole = wholeFrom(found.whole);
  if (found.parts === null) return [whole];
  return [whole, { kind: "parts", hasher: "pdq-part", hash: found.parts, quality: null }];
}

function uprightOf(samples: Samples, orientation: number): Upright {
  const { width, height } = samples;
  const [across, down] = lies(orientation) ? [height, width] : [width, height];
  return {
    width: across,
    height: down,
    channels: flatChannels(samples),
    write: (pixels) => writeUpright(samples, orientation, pixels),
  };
}

function wholeFrom({ hex, quality }: Hashed): Fingerprint {
  if (quality === 0)
    throw new PictureProblem("blank", "The picture is blank: its quality is 0 of 100.");
  return { kind: "whole", hasher: "pdq", hash: hex, quality };
}
