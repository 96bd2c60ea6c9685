/** From the planes of a video frame to RGB of 8 bits, as the library's decoder does: libavif, which
 * leaves it to libyuv, in 16-bit fixed point, chroma interpolated between the four nearest samples.
 */

import type { Samples } from "./pixels.ts";

type Row = Uint8Array | Uint16Array;

/** One plane, and how many samples its rows begin apart. */
export interface Plane {
  data: Row;
  stride: number;
}

export interface Planes {
  width: number;
  height: number;
  /** Bits of a sample: 8, 10 or 12. */
  depth: number;
  /** How often chroma is sampled: in every pixel, every second of a row, of both, or never. */
  sampling: "4:4:4" | "4:2:2" | "4:2:0" | "4:0:0";
  /** Whether all values are used, or luma from 16/256 to 235/256 only. */
  full: boolean;
  /** The matrix coefficients of ITU-T H.273. */
  matrix: number;
  y: Plane;
  /** Without chroma there are none. */
  u: Plane | undefined;
  v: Plane | undefined;
  alpha: Plane | undefined;
}

/** Luma's gain and bias, then the gains of chroma: blue by u, green by u and v, red by v. */
type Coefficients = readonly [number, number, number, number, number, number];

const IDENTITY = 0;
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

/**
 * RGB, with alpha where there is some; undefined for what libavif does by itself: gray, and matrices
 * that libyuv does not know.
 */
export function toRgb(planes: Planes): Samples | undefined {
  const matrix = MATRICES[planes.matrix];
  if (!matrix || isPlain(planes)) return undefined;
  const [gain, bias, blueU, greenU, greenV, redV] = planes.full ? matrix.full : matrix.limited;
  const { width, height, alpha } = planes;
  const channels = alpha ? 4 : 3;
  const data = new Uint8ClampedArray(width * height * channels);
  const { late, filtered, rounded } = manner(planes);
  const early = planes.depth - 8 - late;
  const us = new Uint16Array(width).fill(128 << late);
  const vs = us.slice();
  for (let y = 0, to = 0; y < height; y++) {
    chromaRow(planes, planes.u, y, early, filtered, us);
    chromaRow(planes, planes.v, y, early, filtered, vs);
    const luma = row(planes.y, y, width, early);
    for (let x = 0; x < width; x++, to += channels) {
      const base = ((widened(luma[x]!, 8 + late) * gain) >> 16) + bias;
      const u = (us[x]! >> late) - 128;
      const v = (vs[x]! >> late) - 128;
      data[to] = (base + v * redV) >> 6;
      data[to + 1] = (base - u * greenU - v * greenV) >> 6;
      data[to + 2] = (base + u * blueU) >> 6;
      if (alpha) data[to + 3] = opacity(alpha.data[y * alpha.stride + x]!, planes.depth, rounded);
    }
  }
  return { data, width, height, channels };
}

/** Whether its samples are those that are shown, gray or RGB: every decoder gives the same. */
export function isPlain({ sampling, matrix, alpha }: Planes): boolean {
  return sampling === "4:0:0" ? !alpha : sampling === "4:4:4" && matrix === IDENTITY;
}

/**
 * What becomes of the bits beyond 8. Where libyuv has a function for them, `late` of them count in
 * luma and while chroma is interpolated; else they are cut off before. It has some for pictures
 * with alpha only, and the one for 12 bits does not interpolate. Those of alpha are cut off, or
 * rounded where libavif brings it to 8 bits by itself.
 */
function manner({ depth, sampling, alpha }: Planes) {
  const colour = sampling !== "4:0:0";
  if (depth === 10 && alpha && colour) return { late: 2, filtered: true, rounded: false };
  if (depth === 12 && alpha && sampling === "4:2:0")
    return { late: 4, filtered: false, rounded: true };
  return { late: 0, filtered: true, rounded: !colour };
}

function opacity(sample: number, depth: number, rounded: boolean): number {
  return rounded ? Math.round((255 * sample) / (2 ** depth - 1)) : sample >> (depth - 8);
}

/** A sample of so many bits as one of 16, its upper bits repeated below. */
function widened(sample: number, bits: number): number {
  return (sample << (16 - bits)) | (sample >> (2 * bits - 16));
}

/** Chroma of every pixel of a row; without its `early` bits. */
function chromaRow(
  { sampling, height, width }: Planes,
  plane: Plane | undefined,
  y: number,
  early: number,
  filtered: boolean,
  out: Row,
): void {
  if (!plane) return;
  const chroma = (at: number) => row(plane, at, half(width), early);
  if (sampling === "4:4:4") out.set(row(plane, y, width, early));
  else if (sampling === "4:2:2") across(chroma(y), out);
  else if (!filtered) repeated(chroma(y >> 1), out);
  else {
    // A row lies a quarter from its nearest chroma row, and three quarters from the next.
    const near = y >> 1;
    const far = y % 2 ? near + 1 : near - 1;
    if (far < 0 || far >= half(height)) across(chroma(near), out);
    else between(chroma(near), chroma(far), out);
  }
}

function half(side: number): number {
  return (side + 1) >> 1;
}

function row({ data, stride }: Plane, y: number, width: number, early: number): Row {
  const samples = data.subarray(y * stride, y * stride + width);
  return early ? samples.map((sample) => sample >> early) : samples;
}

function repeated(chroma: Row, out: Row): void {
  for (let x = 0; x < out.length; x++) out[x] = chroma[x >> 1]!;
}

/** Interpolate along a row. */
function across(near: Row, out: Row): void {
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
function between(near: Row, far: Row, out: Row): void {
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
