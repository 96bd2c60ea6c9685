/** From the planes of a video frame to RGB, in the arithmetic of libyuv, which the library's decoder
 * uses: 8-bit samples, 16-bit fixed point, chroma interpolated between the four nearest samples.
 */

import type { Samples } from "./pixels.ts";

/** One plane: 8-bit samples, and how far apart its rows begin. */
export interface Plane {
  data: Uint8Array;
  stride: number;
}

export interface Planes {
  width: number;
  height: number;
  /** How often chroma is sampled: in every pixel, in every second of a row, or of both. */
  sampling: "4:4:4" | "4:2:2" | "4:2:0";
  /** Whether 0 to 255 are all used, or luma from 16 to 235 only. */
  full: boolean;
  /** The matrix coefficients of ITU-T H.273. */
  matrix: number;
  y: Plane;
  u: Plane;
  v: Plane;
  alpha: Plane | undefined;
}

/** Luma's gain and bias, then the gains of chroma: blue by u, green by u and v, red by v. */
type Coefficients = readonly [number, number, number, number, number, number];

const BT601 = {
  full: [16320, 32, 113, 22, 46, 90],
  limited: [18997, -1160, 128, 25, 52, 102],
} satisfies Record<string, Coefficients>;
const BT709 = {
  full: [16320, 32, 119, 12, 30, 101],
  limited: [18997, -1160, 128, 14, 34, 115],
} satisfies Record<string, Coefficients>;
const BT2020 = {
  full: [16320, 32, 120, 11, 37, 94],
  limited: [19003, -1160, 128, 12, 42, 107],
} satisfies Record<string, Coefficients>;
const MATRICES: Readonly<Record<number, typeof BT601>> = {
  1: BT709,
  2: BT601, // not specified
  5: BT601,
  6: BT601,
  9: BT2020,
};

/** RGB, with alpha where there is some; undefined for matrices that libyuv does not know. */
export function toRgb(planes: Planes): Samples | undefined {
  const matrix = MATRICES[planes.matrix];
  if (!matrix) return undefined;
  const [gain, bias, blueU, greenU, greenV, redV] = planes.full ? matrix.full : matrix.limited;
  const { width, height, alpha } = planes;
  const channels = alpha ? 4 : 3;
  const data = new Uint8ClampedArray(width * height * channels);
  const us = new Uint8Array(width);
  const vs = new Uint8Array(width);
  for (let y = 0, to = 0; y < height; y++) {
    chromaRow(planes, planes.u, y, us);
    chromaRow(planes, planes.v, y, vs);
    const luma = y * planes.y.stride;
    for (let x = 0; x < width; x++, to += channels) {
      const base = ((planes.y.data[luma + x]! * 0x0101 * gain) / 65536 + bias) | 0;
      const u = us[x]! - 128;
      const v = vs[x]! - 128;
      data[to] = (base + v * redV) >> 6;
      data[to + 1] = (base - u * greenU - v * greenV) >> 6;
      data[to + 2] = (base + u * blueU) >> 6;
      if (alpha) data[to + 3] = alpha.data[y * alpha.stride + x]!;
    }
  }
  return { data, width, height, channels };
}

/** Chroma of every pixel of a row. */
function chromaRow({ sampling, height, width }: Planes, plane: Plane, y: number, out: Uint8Array) {
  if (sampling === "4:4:4") out.set(row(plane, y, width));
  else if (sampling === "4:2:2") across(row(plane, y, half(width)), out);
  else {
    // A row lies a quarter from its nearest chroma row, and three quarters from the next.
    const near = y >> 1;
    const far = y % 2 ? near + 1 : near - 1;
    const nearest = row(plane, near, half(width));
    if (far < 0 || far >= half(height)) across(nearest, out);
    else between(nearest, row(plane, far, half(width)), out);
  }
}

function half(side: number): number {
  return (side + 1) >> 1;
}

function row({ data, stride }: Plane, y: number, width: number): Uint8Array {
  return data.subarray(y * stride, y * stride + width);
}

/** Interpolate along a row. */
function across(near: Uint8Array, out: Uint8Array): void {
  const last = near.length - 1;
  for (let x = 0; x < last; x++) {
    const a = near[x]!;
    const b = near[x + 1]!;
    out[2 * x + 1] = (3 * a + b + 2) >> 2;
    out[2 * x + 2] = (a + 3 * b + 2) >> 2;
  }
  out[0] = near[0]!;
  out[out.length - 1] = near[last]!;
}

/** Interpolate along a row and towards the next one. */
function between(near: Uint8Array, far: Uint8Array, out: Uint8Array): void {
  const last = near.length - 1;
  for (let x = 0; x < last; x++) {
    const a = near[x]!;
    const b = near[x + 1]!;
    const c = far[x]!;
    const d = far[x + 1]!;
    out[2 * x + 1] = (9 * a + 3 * b + 3 * c + d + 8) >> 4;
    out[2 * x + 2] = (3 * a + 9 * b + c + 3 * d + 8) >> 4;
  }
  out[0] = (3 * near[0]! + far[0]! + 2) >> 2;
  out[out.length - 1] = (3 * near[last]! + far[last]! + 2) >> 2;
}
