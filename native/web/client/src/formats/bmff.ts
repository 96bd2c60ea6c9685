/** The boxes of ISO base media files (ISO/IEC 14496-12), as AVIF and HEIC need them: size and turning. */

import { Bytes, parts } from "../bytes.ts";
import { damaged } from "../problem.ts";

export interface Box {
  kind: string;
  start: number;
  end: number;
}

/** The boxes that lie side by side between two offsets; a damaged size ends the walk. */
export function* boxes(bytes: Bytes, from: number, to: number): Generator<Box> {
  let at = from;
  for (const _ of parts(bytes.what)) {
    if (at + 8 > to) return;
    let size = bytes.u32(at);
    let start = at + 8;
    if (size === 1 && at + 16 <= to) {
      size = bytes.u32(at + 8) * 2 ** 32 + bytes.u32(at + 12);
      start += 8;
    } else if (size === 0) size = to - at;
    if (size < start - at || at + size > to) return;
    yield { kind: bytes.name(at + 4), start, end: at + size };
    at += size;
  }
}

/** How the primary picture is stored, and the orientation that shows it upright. */
export interface Primary {
  width: number;
  height: number;
  orientation: number;
}

/** @throws {PictureProblem} "truncated" where the boxes that every picture has are missing. */
export function primary(bytes: Bytes): Primary {
  const meta = find(boxes(bytes, 0, bytes.length), "meta");
  if (!meta) throw damaged(bytes.what);
  const inner = [...boxes(bytes, meta.start + 4, meta.end)];
  const pitm = inner.find((box) => box.kind === "pitm");
  const iprp = inner.find((box) => box.kind === "iprp");
  if (!pitm || !iprp) throw damaged(bytes.what);
  const item = bytes.u8(pitm.start) === 0 ? bytes.u16(pitm.start + 4) : bytes.u32(pitm.start + 4);
  const [ipco] = [...boxes(bytes, iprp.start, iprp.end)].filter((box) => box.kind === "ipco");
  if (!ipco) throw damaged(bytes.what);
  const properties = [...boxes(bytes, ipco.start, ipco.end)];
  let size: { width: number; height: number } | undefined;
  let [turns, mirror]: [number, number | undefined] = [0, undefined];
  for (const index of associated(bytes, iprp, item)) {
    const box = properties[index - 1];
    if (box?.kind === "ispe")
      size = { width: bytes.u32(box.start + 4), height: bytes.u32(box.start + 8) };
    else if (box?.kind === "irot") turns = bytes.u8(box.start) & 3;
    else if (box?.kind === "imir") mirror = bytes.u8(box.start) & 1;
  }
  if (!size) throw damaged(bytes.what);
  return { ...size, orientation: orientationFor(turns, mirror) };
}

/** The numbers of an item's properties, from 1. */
function* associated(bytes: Bytes, iprp: Box, item: number): Generator<number> {
  for (const box of boxes(bytes, iprp.start, iprp.end)) {
    if (box.kind !== "ipma") continue;
    const version = bytes.u8(box.start);
    const wide = (bytes.u8(box.start + 3) & 1) === 1;
    let at = box.start + 8;
    for (let left = bytes.u32(box.start + 4); left > 0 && at < box.end; left--) {
      const id = version < 1 ? bytes.u16(at) : bytes.u32(at);
      at += version < 1 ? 2 : 4;
      const count = bytes.u8(at++);
      for (let i = 0; i < count; i++, at += wide ? 2 : 1)
        if (id === item) yield wide ? bytes.u16(at) & 0x7fff : bytes.u8(at) & 0x7f;
    }
  }
}

function find(among: Iterable<Box>, kind: string): Box | undefined {
  for (const box of among) if (box.kind === kind) return box;
  return undefined;
}

/** Turns of 90 degrees against the clock, then a mirroring: the EXIF orientation that says so. */
function orientationFor(turns: number, mirror: number | undefined): number {
  if (mirror === undefined) return [1, 8, 3, 6][turns]!;
  return mirror === 1 ? [2, 7, 4, 5][turns]! : [4, 5, 2, 7][turns]!;
}
