/** The C core of hashmatch, the same source as the library's: upright pixels → PDQ. */

import path from "hashmatch-core/hashmatch.wasm";
import { Kept, moduleAt } from "./decoders/modules.ts";
import { noMemory } from "./decoders/emscripten.ts";
import { PictureProblem } from "./problem.ts";

/** What native/core/hashmatch.h declares for every module. Numbers are pointers or sizes. */
export interface Core extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  __heap_base: WebAssembly.Global<"i32">;
  hm_version(): number;
  hm_pdq_workspace(width: number, height: number, channels: number): number;
  hm_pdq(picture: number, form: number, workspace: number, size: number, out: number): number;
}

/** An upright picture, whose pixels `write` puts where it is told. */
export interface Upright {
  width: number;
  height: number;
  channels: 1 | 3;
  write(pixels: Uint8Array): void;
}

export interface Hashed {
  hex: string;
  quality: number;
}

const VERSION = 1;
const AUTO = 0;
/** hm_picture is five words, hm_hash 32 bytes of code, quality, form and 256 floats. */
const PICTURE_BYTES = 20;
const HASH_BYTES = 32 + 8 + 4 * 256;
const CODE_BYTES = 32;
const PAGE = 65_536;

/** The memory of a core from its heap's base on: places are taken in order, and never given back. */
export class Room {
  readonly #memory: WebAssembly.Memory;
  #end: number;

  constructor(core: Core) {
    this.#memory = core.memory;
    this.#end = align(core.__heap_base.value);
  }

  take(bytes: number): number {
    const at = this.scratch(bytes);
    this.#end = align(at + bytes);
    return at;
  }

  /** A place until the next one is asked for. */
  scratch(bytes: number): number {
    const short = Math.ceil((this.#end + bytes - this.#memory.buffer.byteLength) / PAGE);
    if (short > 0)
      try {
        this.#memory.grow(short);
      } catch {
        throw noMemory();
      }
    return this.#end;
  }

  bytes(at: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, at, count);
  }

  /** An hm_picture of samples at `pixels`, in rows without gaps. */
  picture(pixels: number, width: number, height: number, channels: 1 | 3): number {
    const at = this.take(PICTURE_BYTES);
    const fields = [pixels, width * channels, width, height, channels];
    new Int32Array(this.#memory.buffer, at, fields.length).set(fields);
    return at;
  }

  upright({ width, height, channels, write }: Upright): number {
    const count = width * height * channels;
    const pixels = this.take(count);
    write(this.bytes(pixels, count));
    return this.picture(pixels, width, height, channels);
  }
}

/** A core that is fetched and compiled when it is first used. */
export function coreAt<Exports extends Core>(url: URL): Kept<Exports> {
  return new Kept(
    async () => {
      const core = (await WebAssembly.instantiate(await moduleAt(url))).exports as Exports;
      if (core.hm_version() !== VERSION)
        throw new PictureProblem("self_test_failed", "The core is of another version.");
      return core;
    },
    (core) => core.memory.buffer.byteLength,
  );
}

const kept = coreAt(new URL(path, import.meta.url));

/** Fetch and compile the core. */
export async function loadCore(): Promise<void> {
  await kept.use(() => undefined);
}

/** PDQ of a picture. */
export function pdq(upright: Upright): Promise<Hashed> {
  return kept.use((core) => {
    const room = new Room(core);
    return pdqBy(core, room, room.upright(upright), upright);
  });
}

/** PDQ of a picture that lies in a core's memory. */
export function pdqBy(
  core: Core,
  room: Room,
  picture: number,
  { width, height, channels }: Upright,
): Hashed {
  const out = room.take(HASH_BYTES);
  const size = core.hm_pdq_workspace(width, height, channels);
  done("hm_pdq", core.hm_pdq(picture, AUTO, room.scratch(size), size, out));
  const [quality] = new Int32Array(core.memory.buffer, out + CODE_BYTES, 1);
  return { hex: hexOf(room.bytes(out, CODE_BYTES)), quality: quality! };
}

/** A status that says anything else is a fault of ours, for sizes were checked before. */
export function done(what: string, status: number): void {
  if (status !== 0) throw new Error(`${what} refused a picture with status ${status}.`);
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function align(at: number): number {
  return Math.ceil(at / 64) * 64;
}
