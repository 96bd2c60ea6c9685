/** JPEG (ITU-T T.81): baseline, extended and progressive, 8 bit, gray and colour.
 *
 * The decoder is handed a file of our own making, as in the library: the segments that pixels depend
 * on, in order, and nothing else. So it never reads a hostile annotation.
 */

import { Bytes, concat, parts } from "../bytes.ts";
import { orientationOf } from "../exif.ts";
import { damaged, unsupported } from "../problem.ts";
import { decodeJpeg, type HeldSamples } from "../decoders/turbojpeg.ts";
import type { Opened } from "./opened.ts";

const HEADER = "header of this JPEG";
const DATA = "data of this JPEG";
/** Scans of a progressive picture: encoders write about ten, a file made to be slow thousands. */
const MAX_SCANS = 100;
const SCAN = 0xda;
const END = 0xd9;
const EXIF = 0xe1;
const PIXELS_NEED = new Set([0xc4, 0xdb, 0xdd, 0xe0, 0xee]); // DHT, DQT, DRI, JFIF, Adobe
const DECODED = new Set([0xc0, 0xc1, 0xc2]);
const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);

interface Frame {
  width: number;
  height: number;
  components: 1 | 3;
}

export function open(file: Uint8Array<ArrayBuffer>): Opened {
  const bytes = new Bytes(file, HEADER);
  const kept: Uint8Array[] = [Uint8Array.of(0xff, 0xd8)];
  let frame: Frame | undefined;
  let orientation: number | undefined;
  for (const { marker, start, end } of segments(bytes)) {
    const payload = file.subarray(start, end);
    if (isFrame(marker)) {
      if (frame) throw damaged(HEADER);
      frame = readFrame(marker, new Bytes(payload, HEADER));
    }
    if (marker === EXIF && orientation === undefined && hasExif(payload))
      orientation = orientationOf(payload);
    if (marker === SCAN) {
      if (!frame) throw damaged(HEADER);
      const last = endOf(file, end);
      const clean = concat([...kept, file.subarray(start - 4, last)]);
      return opened(clean, frame, orientation ?? 1);
    }
    if (PIXELS_NEED.has(marker) || isFrame(marker)) kept.push(file.subarray(start - 4, end));
  }
  throw damaged(HEADER);
}

/** The segments before the first scan, and its header; bytes between them are skipped. */
function* segments(bytes: Bytes) {
  let at = 2;
  for (const _ of parts(HEADER)) {
    at = bytes.all.indexOf(0xff, at);
    if (at < 0) return;
    while (at < bytes.length && bytes.u8(at) === 0xff) at++;
    if (at >= bytes.length) return;
    const marker = bytes.u8(at++);
    if (marker === 0 || marker === 1 || marker === 0xd8 || isRestart(marker)) continue;
    if (marker === END) return;
    const length = bytes.u16(at);
    if (length < 2 || at + length > bytes.length) throw damaged(HEADER);
    yield { marker, start: at + 2, end: at + length };
    at += length;
  }
}

function isFrame(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker)) || marker === 0xde;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

function hasExif(payload: Uint8Array): boolean {
  return [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, at) => payload[at] === byte);
}

function readFrame(marker: number, bytes: Bytes): Frame {
  if (!DECODED.has(marker)) throw unsupported("a lossless, hierarchical or arithmetic-coded JPEG");
  const bits = bytes.u8(0);
  const components = bytes.u8(5);
  if (components === 4) throw unsupported("a JPEG for printing (CMYK)");
  if (bits !== 8 || (components !== 1 && components !== 3))
    throw unsupported(`a JPEG of ${components} components of ${bits} bits`);
  return { width: bytes.u16(3), height: bytes.u16(1), components };
}

/**
 * Where the picture ends. A decoder would fill what is missing with gray and say nothing, so a file
 * without an end is refused here.
 */
function endOf(file: Uint8Array, firstScan: number): number {
  let scans = 1;
  let at = firstScan;
  for (const _ of parts(DATA)) {
    for (;;) {
      at = file.indexOf(0xff, at);
      if (at < 0 || at + 1 >= file.length) throw damaged(DATA);
      const next = file[at + 1]!;
      if (next === 0xff) at += 1;
      else if (next === 0 || isRestart(next)) at += 2;
      else break;
    }
    const marker = file[at + 1]!;
    if (marker === END) return at + 2;
    if (marker === SCAN && ++scans > MAX_SCANS)
      throw unsupported(`a JPEG refined in more than ${MAX_SCANS} scans`);
    if (at + 4 > file.length) throw damaged(DATA);
    at += 2 + ((file[at + 2]! << 8) | file[at + 3]!);
  }
  throw damaged(DATA);
}

function opened(clean: Uint8Array<ArrayBuffer>, frame: Frame, orientation: number): Opened {
  const { width, height, components } = frame;
  let held: HeldSamples | undefined;
  return {
    format: "JPEG",
    width,
    height,
    orientation,
    decoder: "wasm",
    decode: async () => (held = await decodeJpeg(clean, width, height, components)),
    close: () => held?.free(),
  };
}
