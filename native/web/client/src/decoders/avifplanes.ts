/** The planes of a decoded AVIF, found in the memory of its decoder.
 *
 * The binding hands out RGB of its own rounding only, and the library's rounds otherwise. But while
 * it makes its result, the planes that it was made from still lie in its memory, described by a
 * struct avifImage. Its layout is that of the version that the lock file names; what is found must
 * fit the picture in every respect, and give nearly the binding's own RGB, or it is not used.
 */

import type { Plane, Planes } from "../yuv.ts";

const SAMPLINGS = [undefined, "4:4:4", "4:2:2", "4:2:0", "4:0:0"] as const;
const DEPTHS = new Set([8, 10, 12]);
/** Words of a struct avifImage that are read: width, height, depth, format, range, chroma's place,
 * three planes, their strides, whether they are its own; alpha, its stride, whether it is its own,
 * whether it is multiplied in; a profile and its size; primaries and transfer, matrix. */
const WORDS = 21;
/** The binding's own RGB differs by less than this in any sample, except at borders. */
const NEAR = 64;

/** The planes of the picture of this size, if there is exactly one. */
export function findPlanes(memory: ArrayBuffer, width: number, height: number): Planes | undefined {
  const words = new Uint32Array(memory);
  const found: Planes[] = [];
  for (let at = words.indexOf(width); at >= 0; at = words.indexOf(width, at + 1)) {
    if (words[at + 1] !== height || at + WORDS > words.length) continue;
    const planes = described(memory, words.subarray(at, at + WORDS));
    if (planes) found.push(planes);
  }
  return found.length === 1 ? found[0] : undefined;
}

function described(memory: ArrayBuffer, words: Uint32Array): Planes | undefined {
  const word = (at: number) => words[at]!;
  const [width, height, depth, range] = [word(0), word(1), word(2), word(4)];
  const sampling = SAMPLINGS[word(3)];
  const [owned, premultiplied] = [word(12) === 1, word(16) !== 0];
  if (!DEPTHS.has(depth) || !sampling || range > 1 || !owned || premultiplied) return undefined;
  const plane = (at: number, stride: number, across: number, down: number) =>
    planeOf(memory, depth, word(at), word(stride), across, down);
  const columns = sampling === "4:4:4" ? width : Math.ceil(width / 2);
  const rows = sampling === "4:2:0" ? Math.ceil(height / 2) : height;
  const [gray, hasAlpha] = [sampling === "4:0:0", word(13) !== 0];
  const y = plane(6, 9, width, height);
  const u = gray ? undefined : plane(7, 10, columns, rows);
  const v = gray ? undefined : plane(8, 11, columns, rows);
  const alpha = hasAlpha ? plane(13, 14, width, height) : undefined;
  if (!y || (!gray && (!u || !v)) || (hasAlpha && !alpha)) return undefined;
  const [full, matrix] = [range === 1, word(20) & 0xffff];
  return { width, height, depth, sampling, full, matrix, y, u, v, alpha };
}

function planeOf(
  memory: ArrayBuffer,
  depth: number,
  at: number,
  bytes: number,
  width: number,
  height: number,
): Plane | undefined {
  const row = depth === 8 ? width : 2 * width;
  if (at === 0 || bytes < row || bytes > 2 * row + 1024) return undefined;
  if (at + bytes * (height - 1) + row > memory.byteLength) return undefined;
  return depth === 8
    ? { data: new Uint8Array(memory, at, bytes * (height - 1) + row), stride: bytes }
    : { data: new Uint16Array(memory, at, (bytes / 2) * (height - 1) + width), stride: bytes / 2 };
}

/** Whether what was made of the planes shows what the decoder's own RGB, with alpha, shows. */
export function agree(made: ArrayLike<number>, channels: number, own: ArrayLike<number>): boolean {
  const pixels = own.length / 4;
  let sum = 0;
  let looked = 0;
  for (let pixel = 0; pixel < pixels; pixel += 97, looked++)
    for (let band = 0; band < 3; band++)
      sum += Math.abs(made[pixel * channels + band]! - own[4 * pixel + band]!);
  return sum <= NEAR * looked;
}
