/** PNG (ISO/IEC 15948): every depth, gray, colour, palette and alpha; of APNG the still picture.
 *
 * Read here and not by a browser, whose canvases round where there is alpha, apply profiles, and may
 * be made to lie. The stream is inflated by the browser, which has no say in its bytes.
 */

import { Bytes, concat, parts } from "../bytes.ts";
import { orientationOf } from "../exif.ts";
import { damaged, unsupported } from "../problem.ts";
import { inflated } from "./inflate.ts";
import type { Opened } from "./opened.ts";
import { COLOUR, GRAY, PALETTE, SAMPLES, type PngHeader, pngRows } from "./pngrows.ts";

const WHAT = "header of this PNG";
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  [GRAY]: [1, 2, 4, 8, 16],
  [COLOUR]: [8, 16],
  [PALETTE]: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export function open(file: Uint8Array<ArrayBuffer>): Opened {
  const bytes = new Bytes(file, WHAT);
  let header: PngHeader | undefined;
  let palette: Uint8Array = new Uint8Array();
  let transparency: Uint8Array | undefined;
  let orientation = 1;
  const compressed: Uint8Array[] = [];
  for (const { kind, payload } of chunks(bytes)) {
    if (!header) {
      if (kind !== "IHDR") throw damaged(WHAT);
      header = readHeader(new Bytes(payload, WHAT));
    } else if (kind === "PLTE") palette = payload.subarray(0, 768);
    else if (kind === "tRNS") transparency = payload.subarray(0, 256);
    else if (kind === "IDAT") compressed.push(payload);
    else if (kind === "eXIf") orientation = orientationOf(payload);
  }
  if (!header || !compressed.length || (header.colour === PALETTE && !palette.length))
    throw damaged(WHAT);
  if (header.bits === 16 && header.colour === COLOUR && transparency)
    throw unsupported("a PNG of 16 bits a sample with one transparent colour");
  const known = header;
  return {
    format: "PNG",
    width: known.width,
    height: known.height,
    orientation,
    decoder: "wasm",
    async decode() {
      const rows = pngRows(known, palette, transparency);
      await inflated(concat(compressed), (block) => rows.take(block));
      return { ...rows.finish(), exact: true };
    },
  };
}

function* chunks(bytes: Bytes) {
  let at = 8;
  for (const _ of parts(WHAT)) {
    if (at + 8 > bytes.length) return;
    const length = bytes.u32(at);
    const kind = bytes.name(at + 4);
    if (kind === "IEND") return;
    yield { kind, payload: bytes.all.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

function readHeader(bytes: Bytes): PngHeader {
  const [bits, colour] = [bytes.u8(8), bytes.u8(9)];
  const interlaced = bytes.u8(12);
  if (!DEPTHS[colour]?.includes(bits) || bytes.u8(10) || bytes.u8(11) || interlaced > 1)
    throw unsupported(`a PNG of ${bits} bits of colour type ${colour}`);
  return {
    width: bytes.u32(0),
    height: bytes.u32(4),
    bits,
    colour,
    interlaced: interlaced === 1,
    samples: SAMPLES[colour]!,
  };
}
