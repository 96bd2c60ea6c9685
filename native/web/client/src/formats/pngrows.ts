/** From the inflated stream of a PNG to 8-bit samples: filters undone, depths and colours resolved. */

import { damaged } from "../problem.ts";
import { onWhite, type Samples } from "../pixels.ts";

export const GRAY = 0;
export const COLOUR = 2;
export const PALETTE = 3;
const GRAY_ALPHA = 4;
const COLOUR_ALPHA = 6;
/** Samples a pixel, by colour type. */
export const SAMPLES: Readonly<Record<number, number>> = {
  [GRAY]: 1,
  [COLOUR]: 3,
  [PALETTE]: 1,
  [GRAY_ALPHA]: 2,
  [COLOUR_ALPHA]: 4,
};

export interface PngHeader {
  width: number;
  height: number;
  bits: number;
  colour: number;
  interlaced: boolean;
  samples: number;
}

/** Adam7: the first column and row of each pass, and its steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** A row of the file: where its pixels go, and how many there are. */
interface Row {
  y: number;
  left: number;
  across: number;
  pixels: number;
  first: boolean;
}

function* rowsOf(header: PngHeader): Generator<Row> {
  for (const [left, top, across, down] of header.interlaced ? PASSES : WHOLE) {
    const pixels = Math.ceil((header.width - left) / across);
    if (pixels <= 0) continue;
    for (let y = top; y < header.height; y += down)
      yield { y, left, across, pixels, first: y === top };
  }
}

/** Takes blocks of the stream, and gives the picture when it was all there. */
export function pngRows(
  header: PngHeader,
  palette: Uint8Array,
  transparency: Uint8Array | undefined,
) {
  const { width, height, bits, samples } = header;
  const step = Math.max(1, (bits * samples) >> 3);
  const longest = Math.ceil((width * bits * samples) / 8);
  const write = writer(header, palette, transparency);
  const channels = header.colour === GRAY || header.colour === GRAY_ALPHA ? 1 : 3;
  const out = new Uint8Array(width * height * channels);
  const coming = rowsOf(header);
  let row = coming.next();
  let before = new Uint8Array(longest);
  let current = new Uint8Array(longest + 1);
  let have = 0;

  return {
    /** True when nothing more is needed. */
    take(block: Uint8Array): boolean {
      let at = 0;
      while (!row.done) {
        const { pixels, y, left, across, first } = row.value;
        const length = Math.ceil((pixels * bits * samples) / 8) + 1;
        const taken = Math.min(length - have, block.length - at);
        current.set(block.subarray(at, at + taken), have);
        have += taken;
        at += taken;
        if (have < length) return false;
        if (first) before.fill(0);
        const raw = current.subarray(1, length);
        undo(current[0]!, raw, before, step);
        write(raw, pixels, out, (y * width + left) * channels, across * channels);
        before.set(raw);
        have = 0;
        row = coming.next();
      }
      return true;
    },
    finish(): Samples {
      if (!row.done) throw damaged("data of this PNG");
      return { data: out, width, height, channels };
    },
  };
}

/** Undo the filter of a row in place. */
function undo(filter: number, row: Uint8Array, before: Uint8Array, step: number): void {
  const length = row.length;
  if (filter === 0) return;
  if (filter === 1) {
    for (let i = step; i < length; i++) row[i]! += row[i - step]!;
  } else if (filter === 2) {
    for (let i = 0; i < length; i++) row[i]! += before[i]!;
  } else if (filter === 3) {
    for (let i = 0; i < step && i < length; i++) row[i]! += before[i]! >> 1;
    for (let i = step; i < length; i++) row[i]! += (row[i - step]! + before[i]!) >> 1;
  } else if (filter === 4) {
    for (let i = 0; i < step && i < length; i++) row[i]! += before[i]!;
    for (let i = step; i < length; i++) {
      const a = row[i - step]!;
      const b = before[i]!;
      const c = before[i - step]!;
      const pa = Math.abs(b - c);
      const pb = Math.abs(a - c);
      const pc = Math.abs(a + b - c - c);
      row[i]! += pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
  } else throw damaged("data of this PNG");
}

type Writer = (raw: Uint8Array, pixels: number, out: Uint8Array, to: number, step: number) => void;

/** How the samples of a row become gray or RGB. */
function writer(
  header: PngHeader,
  palette: Uint8Array,
  transparency: Uint8Array | undefined,
): Writer {
  const { bits, colour } = header;
  const wide = bits === 16 ? 2 : 1; // 16 bits are cut to 8 by the high byte, which comes first
  if (colour === GRAY_ALPHA || colour === COLOUR_ALPHA) {
    const bands = colour === GRAY_ALPHA ? 1 : 3;
    return (raw, pixels, out, to, step) => {
      for (let x = 0, from = 0; x < pixels; x++, from += (bands + 1) * wide, to += step) {
        const alpha = raw[from + bands * wide]!;
        for (let band = 0; band < bands; band++)
          out[to + band] = onWhite(raw[from + band * wide]!, alpha);
      }
    };
  }
  if (colour === COLOUR) {
    const key = keyOf(transparency, 3);
    return (raw, pixels, out, to, step) => {
      for (let x = 0, from = 0; x < pixels; x++, from += 3 * wide, to += step) {
        const r = raw[from]!;
        const g = raw[from + wide]!;
        const b = raw[from + 2 * wide]!;
        const clear = key !== undefined && r === key[0] && g === key[1] && b === key[2];
        out[to] = clear ? 255 : r;
        out[to + 1] = clear ? 255 : g;
        out[to + 2] = clear ? 255 : b;
      }
    };
  }
  if (colour === PALETTE) {
    const colours = resolved(palette, transparency);
    return (raw, pixels, out, to, step) => {
      for (let x = 0; x < pixels; x++, to += step) {
        const at = 3 * packed(raw, x, bits);
        out[to] = colours[at]!;
        out[to + 1] = colours[at + 1]!;
        out[to + 2] = colours[at + 2]!;
      }
    };
  }
  const key = keyOf(transparency, 1)?.[0];
  if (bits === 16)
    return (raw, pixels, out, to, step) => {
      for (let x = 0; x < pixels; x++, to += step) {
        const high = raw[2 * x]!;
        out[to] = key === (high << 8) + raw[2 * x + 1]! ? 255 : high;
      }
    };
  const scale = 255 / ((1 << bits) - 1);
  return (raw, pixels, out, to, step) => {
    for (let x = 0; x < pixels; x++, to += step) {
      const sample = packed(raw, x, bits);
      out[to] = sample === key ? 255 : sample * scale;
    }
  };
}

/** Sample x of a row of 1, 2, 4 or 8 bits, the most significant first. */
function packed(raw: Uint8Array, x: number, bits: number): number {
  const at = x * bits;
  return (raw[at >> 3]! >> (8 - bits - (at & 7))) & ((1 << bits) - 1);
}

/** The colour that is transparent, with the depth that the file gives it. */
function keyOf(transparency: Uint8Array | undefined, count: number): number[] | undefined {
  if (!transparency) return undefined;
  if (transparency.length < 2 * count) throw damaged("transparency of this PNG");
  return Array.from(
    { length: count },
    (_, i) => (transparency[2 * i]! << 8) + transparency[2 * i + 1]!,
  );
}

/** The 256 colours, each on white; colours that the file lacks are black. */
function resolved(palette: Uint8Array, transparency: Uint8Array | undefined): Uint8Array {
  const colours = new Uint8Array(768);
  const given = Math.floor(palette.length / 3);
  for (let i = 0; i < 256; i++) {
    const alpha = transparency?.[i] ?? 255;
    for (let band = 0; band < 3; band++)
      colours[3 * i + band] = onWhite(i < given ? palette[3 * i + band]! : 0, alpha);
  }
  return colours;
}
