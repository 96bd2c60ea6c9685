/** Parts and tiles of a picture, as they are listed: what `hashmatch.hashers.listed_parts` makes.
 *
 * The core's module with parts has PDQ too, so that pixels are copied into one memory only. It is
 * larger than the one without, and loaded when parts are first wanted.
 */

import path from "hashmatch-core/hashmatch-parts.wasm";
import { coreAt, done, hexOf, pdqBy, Room, type Core, type Hashed, type Upright } from "./core.ts";

interface PartsCore extends Core {
  hm_luma_side(side: number, longer: number, most: number): number;
  hm_luma_workspace(width: number, channels: number): number;
  hm_luma(
    picture: number,
    width: number,
    height: number,
    reduction: number,
    left: number,
    top: number,
    outWidth: number,
    outHeight: number,
    workspace: number,
    size: number,
    luma: number,
  ): number;
  hm_parts_workspace(width: number, height: number): number;
  hm_parts(
    luma: number,
    limit: number,
    workspace: number,
    size: number,
    parts: number,
    count: number,
  ): number;
  hm_tiles(luma: number, workspace: number, size: number, codes: number, quality: number): number;
  hm_joint_workspace(width: number, height: number): number;
  hm_joint(luma: number, workspace: number, size: number, joint: number): number;
}

/** Those of the library: samples on the luma's longer side, parts that are listed, and tiles. */
const LUMA_SIDE = 512;
const LISTED = 64;
const TILES = 50;
/** hm_part is a code, the mirrored one, and a place of four words of two bytes. */
const CODE_BYTES = 32;
const PLACE_AT = 64;
const PART_BYTES = 72;
/** Of the packed bytes. */
const FORM = 1;

export interface HashedParts {
  whole: Hashed;
  /** Packed, in hexadecimal digits; null where the picture has too little to be told by. */
  parts: string | null;
}

const kept = coreAt<PartsCore>(new URL(path, import.meta.url));

/** PDQ of a picture, and its parts and tiles where its quality is at least so much. */
export function pdqAndParts(upright: Upright, leastQuality: number): Promise<HashedParts> {
  return kept.use((core) => {
    const room = new Room(core);
    const picture = room.upright(upright);
    const whole = pdqBy(core, room, picture, upright);
    if (whole.quality < leastQuality) return { whole, parts: null };
    const [width, height] = lumaSides(core, upright);
    const samples = lumaOf(core, room, picture, upright, width, height);
    const luma = room.picture(samples, width, height, 1);
    const parts = partsOf(core, room, luma, width, height);
    const tiles = tilesOf(core, room, luma, width, height);
    const joint = jointOf(core, room, luma, width, height);
    return { whole, parts: hexOf(packed(width, height, parts, tiles, joint)) };
  });
}

function lumaSides(core: PartsCore, { width, height }: Upright): [number, number] {
  const longer = Math.max(width, height);
  return [
    core.hm_luma_side(width, longer, LUMA_SIDE),
    core.hm_luma_side(height, longer, LUMA_SIDE),
  ];
}

function lumaOf(
  core: PartsCore,
  room: Room,
  picture: number,
  { width, height, channels }: Upright,
  outWidth: number,
  outHeight: number,
): number {
  const out = room.take(outWidth * outHeight);
  const size = core.hm_luma_workspace(width, channels);
  const at = room.scratch(size);
  done(
    "hm_luma",
    core.hm_luma(picture, width, height, 1, 0, 0, outWidth, outHeight, at, size, out),
  );
  return out;
}

/** Each part's hm_part; of those with equal codes the first. */
function partsOf(
  core: PartsCore,
  room: Room,
  luma: number,
  width: number,
  height: number,
): Uint8Array[] {
  const out = room.take(LISTED * PART_BYTES);
  const count = room.take(4);
  const size = core.hm_parts_workspace(width, height);
  done("hm_parts", core.hm_parts(luma, LISTED, room.scratch(size), size, out, count));
  const [found] = new Int32Array(core.memory.buffer, count, 1);
  const byCode = new Map<string, Uint8Array>();
  for (let part = 0; part < found!; part++) {
    const bytes = room.bytes(out + part * PART_BYTES, PART_BYTES);
    const code = bytes.subarray(0, CODE_BYTES).join();
    if (!byCode.has(code)) byCode.set(code, bytes);
  }
  return [...byCode.values()];
}

/** The tiles' codes, then their qualities. */
function tilesOf(
  core: PartsCore,
  room: Room,
  luma: number,
  width: number,
  height: number,
): Uint8Array {
  const count = TILES * (CODE_BYTES + 1);
  const out = room.take(count);
  const size = core.hm_pdq_workspace(width, height, 1);
  const qualities = out + TILES * CODE_BYTES;
  done("hm_tiles", core.hm_tiles(luma, room.scratch(size), size, out, qualities));
  return room.bytes(out, count);
}

/** Where pictures meet in it, as the library says: a byte. */
function jointOf(core: PartsCore, room: Room, luma: number, width: number, height: number): number {
  const out = room.take(4);
  const size = core.hm_joint_workspace(width, height);
  done("hm_joint", core.hm_joint(luma, room.scratch(size), size, out));
  return new Int32Array(core.memory.buffer, out, 1)[0]!;
}

/** One run of bytes, little-endian, as `hashmatch.packed` says. */
function packed(
  width: number,
  height: number,
  parts: readonly Uint8Array[],
  tiles: Uint8Array,
  joint: number,
): Uint8Array {
  const sides = [width & 255, width >> 8, height & 255, height >> 8];
  const head = [FORM, parts.length, TILES, joint, ...sides];
  return Uint8Array.from([
    ...head,
    ...parts.flatMap((part) => [...part.subarray(0, CODE_BYTES)]),
    ...parts.flatMap((part) => [...part.subarray(PLACE_AT)]),
    ...tiles,
  ]);
}
