/** A picture that is computed, not decoded, and its parts and tiles as the library makes them. */

import { fingerprintsOf } from "../fingerprints.ts";
import { PARTS } from "./parts_vector.ts";

const WIDTH = 700;
const HEIGHT = 525;

/** Whether this browser makes the parts of a known picture that the library makes of it. */
export async function partsAreKnown(): Promise<boolean> {
  const samples = { data: picture(), width: WIDTH, height: HEIGHT, channels: 3 as const };
  const [, parts] = await fingerprintsOf(samples, 1, true);
  return parts?.hash === PARTS;
}

/** Rings and stripes of integers; `vectors/make.py` computes the same. */
function picture(): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++, at += 3) {
      pixels[at] = (3 * x * x + 5 * y * y + 2 * x * y) >> 9;
      pixels[at + 1] = (x * x + 7 * y * y) >> 10;
      pixels[at + 2] = (x * y) >> 7;
    }
  return pixels;
}
