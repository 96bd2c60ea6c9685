/** How large and how small a picture may be: checked before it is decoded, as the library does. */

import { PictureProblem } from "./problem.ts";

export const LIMITS = {
  bytes: 50_000_000,
  pixels: 100_000_000,
  shortSide: 16,
  longSide: 30_000,
} as const;

/** @throws {PictureProblem} "empty" or "too_large", by the length of the file. */
export function checkBytes(count: number): void {
  if (count === 0) throw new PictureProblem("empty", "The file is empty: it has 0 bytes.");
  if (count > LIMITS.bytes)
    throw new PictureProblem("too_large", `The file has more than ${LIMITS.bytes} bytes.`);
}

/** @throws {PictureProblem} "too_large" or "too_small", by the size in pixels. */
export function checkSize(width: number, height: number): void {
  const size = `The picture has ${width} x ${height} pixels`;
  if (Math.max(width, height) > LIMITS.longSide || width * height > LIMITS.pixels)
    throw new PictureProblem(
      "too_large",
      `${size}, the limits are ${LIMITS.pixels} pixels and ${LIMITS.longSide} a side.`,
    );
  if (Math.min(width, height) < LIMITS.shortSide)
    throw new PictureProblem(
      "too_small",
      `${size}, at least ${LIMITS.shortSide} a side are needed.`,
    );
}
