/** WebP (RFC 9649): lossy and lossless, with or without alpha; of an animation, the first frame. */

import { Bytes, concat, parts } from "../bytes.ts";
import { decodeWebp } from "../decoders/webp.ts";
import { orientationOf } from "../exif.ts";
import { damaged } from "../problem.ts";
import type { Samples } from "../pixels.ts";
import type { Opened } from "./opened.ts";

const HEADER = "header of this WebP";
const DATA = "data of this WebP";

interface Size {
  width: number;
  height: number;
}

/** The first frame of an animation: its place on the canvas, and a file that holds it alone. */
interface Frame extends Size {
  left: number;
  top: number;
  file: Uint8Array<ArrayBuffer>;
}

export function open(file: Uint8Array<ArrayBuffer>): Opened {
  const bytes = new Bytes(file, HEADER);
  if (bytes.u32(4, true) + 8 > file.length) throw damaged(DATA);
  let size: Size | undefined;
  let orientation = 1;
  let frame: Frame | undefined;
  for (const { kind, start, end } of chunks(bytes, 12)) {
    if (!size) size = sizeOf(bytes, kind, start);
    else if (kind === "ANMF" && !frame) frame = frameOf(bytes, start, end);
    else if (kind === "EXIF") {
      orientation = orientationOf(file.subarray(start, end));
      break;
    }
  }
  if (!size) throw damaged(HEADER);
  const { width, height } = size;
  return {
    format: "WebP",
    width,
    height,
    orientation,
    decoder: "wasm",
    async decode() {
      const samples = await decodeWebp(frame?.file ?? file);
      const expected = frame ?? { width, height };
      if (samples.width !== expected.width || samples.height !== expected.height)
        throw damaged(DATA);
      const canvas = frame ? onCanvas(samples, frame, { width, height }) : samples;
      return { ...canvas, exact: true };
    },
  };
}

function* chunks(bytes: Bytes, from: number, to = bytes.length) {
  let at = from;
  for (const _ of parts(HEADER)) {
    if (at + 8 > to) return;
    const length = bytes.u32(at + 4, true);
    yield { kind: bytes.name(at), start: at + 8, end: at + 8 + length };
    at += 8 + length + (length % 2);
  }
}

/** The canvas, which the first chunk gives in one of three ways. */
function sizeOf(bytes: Bytes, kind: string, start: number): Size {
  if (kind === "VP8X")
    return { width: u24(bytes, start + 4) + 1, height: u24(bytes, start + 7) + 1 };
  if (kind === "VP8L" && bytes.u8(start) === 0x2f) {
    const bits = bytes.u32(start + 1, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  if (kind === "VP8 " && bytes.u16(start + 3) === 0x9d01 && bytes.u8(start + 5) === 0x2a)
    return {
      width: bytes.u16(start + 6, true) & 0x3fff,
      height: bytes.u16(start + 8, true) & 0x3fff,
    };
  throw damaged(HEADER);
}

function u24(bytes: Bytes, at: number): number {
  return bytes.u16(at, true) | (bytes.u8(at + 2) << 16);
}

function frameOf(bytes: Bytes, start: number, end: number): Frame {
  const size = { width: u24(bytes, start + 6) + 1, height: u24(bytes, start + 9) + 1 };
  if (end > bytes.length) throw damaged(DATA);
  const extended = new Uint8Array(18);
  const view = new DataView(extended.buffer);
  extended.set([0x56, 0x50, 0x38, 0x58, 10, 0, 0, 0, 0x10]); // "VP8X", with alpha
  for (const [at, side] of [
    [12, size.width - 1],
    [15, size.height - 1],
  ] as const) {
    view.setUint16(at, side & 0xffff, true);
    view.setUint8(at + 2, side >> 16);
  }
  const head = new Uint8Array(12);
  head.set([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]);
  const file = concat([head, extended, bytes.all.subarray(start + 16, end)]);
  new DataView(file.buffer).setUint32(4, file.length - 8, true);
  return { left: 2 * u24(bytes, start), top: 2 * u24(bytes, start + 3), ...size, file };
}

/** Around the frame nothing is drawn. */
function onCanvas(samples: Samples, frame: Frame, size: Size): Samples {
  if (frame.width === size.width && frame.height === size.height) return samples;
  if (frame.left + frame.width > size.width || frame.top + frame.height > size.height)
    throw damaged(DATA);
  const data = new Uint8Array(4 * size.width * size.height);
  for (let y = 0; y < frame.height; y++)
    data.set(
      samples.data.subarray(4 * y * frame.width, 4 * (y + 1) * frame.width),
      4 * ((frame.top + y) * size.width + frame.left),
    );
  return { data, ...size, channels: 4 };
}
