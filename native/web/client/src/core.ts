/** The C core of hashmatch, the same source as the library's: upright pixels → PDQ. */

import path from "hashmatch-core/hashmatch.wasm";
import { Kept, moduleAt } from "./decoders/modules.ts";
import { noMemory } from "./decoders/emscripten.ts";
import { PictureProblem } from "./problem.ts";

/** What native/core/hashmatch.h declares, as far as it is used. Numbers are pointers or sizes. */
interface Exports extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  __heap_base: WebAssembly.Global<"i32">;
  hm_version(): number;
  hm_pdq_workspace(width: number, height: number, channels: number): number;
  hm_pdq(picture: number, form: number, workspace: number, size: number, out: number): number;
}

const VERSION = 1;
const AUTO = 0;
/** hm_picture is five words, hm_hash 32 bytes of code, quality, form and 256 floats. */
const PICTURE_BYTES = 64;
const HASH_BYTES = 2048;
const PAGE = 65_536;

export interface Hashed {
  hex: string;
  quality: number;
}

const kept = new Kept(
  async () => {
    const module = await moduleAt(new URL(path, import.meta.url));
    const core = (await WebAssembly.instantiate(module)).exports as Exports;
    if (core.hm_version() !== VERSION)
      throw new PictureProblem("self_test_failed", "The core is of another version.");
    return core;
  },
  (core) => core.memory.buffer.byteLength,
);

/** Fetch and compile the core. */
export async function loadCore(): Promise<void> {
  await kept.use(() => undefined);
}

/** PDQ of a picture whose upright pixels `write` puts where it is told. */
export function pdq(
  width: number,
  height: number,
  channels: 1 | 3,
  write: (pixels: Uint8Array) => void,
): Promise<Hashed> {
  return kept.use((core) => {
    const workspace = core.hm_pdq_workspace(width, height, channels);
    const picture = align(core.__heap_base.value);
    const out = picture + PICTURE_BYTES;
    const pixels = out + HASH_BYTES;
    const count = width * height * channels;
    const scratch = align(pixels + count);
    grow(core.memory, scratch + workspace);
    write(new Uint8Array(core.memory.buffer, pixels, count));
    new Int32Array(core.memory.buffer, picture, 5).set([
      pixels,
      width * channels,
      width,
      height,
      channels,
    ]);
    const status = core.hm_pdq(picture, AUTO, scratch, workspace, out);
    if (status !== 0) throw new Error(`hm_pdq refused a picture with status ${status}.`);
    const hex = Array.from(new Uint8Array(core.memory.buffer, out, 32), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    return { hex, quality: new DataView(core.memory.buffer).getInt32(out + 32, true) };
  });
}

function align(at: number): number {
  return Math.ceil(at / 64) * 64;
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const short = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (short <= 0) return;
  try {
    memory.grow(short);
  } catch {
    throw noMemory();
  }
}
