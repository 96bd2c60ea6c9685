/** JPEG by libjpeg-turbo, through its C interface, which writes gray or RGB where it is told to. */

import path from "@cwasm/jpeg-turbo/jpeg-turbo.wasm";
import type { Decoded } from "../formats/opened.ts";
import { damaged } from "../problem.ts";
import { noMemory } from "./emscripten.ts";
import { Kept, moduleAt } from "./modules.ts";

/** What turbojpeg.h declares. Numbers are pointers, sizes, or what else they are called. */
interface TurboJpeg extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(at: number): void;
  tjInitDecompress(): number;
  tjDestroy(handle: number): number;
  tjDecompressHeader3(
    handle: number,
    file: number,
    size: number,
    width: number,
    height: number,
    sampling: number,
    colours: number,
  ): number;
  tjDecompress2(
    handle: number,
    file: number,
    size: number,
    out: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

/** Samples that lie in the decoder's memory until they are freed. */
export interface HeldSamples extends Decoded {
  free(): void;
}

const DATA = "data of this JPEG";
const FORMATS = { 3: 0, 1: 6 } as const;
const ROWS_WITHOUT_GAPS = 0;
const DEFAULTS = 0;

const kept = new Kept<TurboJpeg>(
  async () => instantiated(await moduleAt(new URL(path, import.meta.url))),
  (turbo) => turbo.memory.buffer.byteLength,
);

/** An error leaves the C code by longjmp, which ends the instance: nobody knows its state then. */
function instantiated(module: WebAssembly.Module): TurboJpeg {
  const ended = () => {
    throw damaged(DATA);
  };
  const none = (count: number, size: number) => {
    const view = new DataView(turbo.memory.buffer);
    view.setUint32(count, 0, true);
    view.setUint32(size, 0, true);
    return 0;
  };
  const nothing = () => 0;
  const turbo = new WebAssembly.Instance(module, {
    env: { setjmp: nothing, longjmp: ended },
    wasi_snapshot_preview1: {
      environ_sizes_get: none,
      environ_get: nothing,
      proc_exit: ended,
      fd_close: nothing,
      fd_seek: nothing,
      fd_write: nothing,
    },
  }).exports as TurboJpeg;
  return turbo;
}

/**
 * Decode a JPEG of a size that its header was read to have. Where some of its data make no sense,
 * libjpeg goes on as best it can, as the library's does; but what it makes of them is its own.
 */
export function decodeJpeg(
  file: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
): Promise<HeldSamples> {
  return kept.use((turbo) => {
    const input = taken(turbo, file.length);
    const scratch = taken(turbo, 16);
    new Uint8Array(turbo.memory.buffer, input, file.length).set(file);
    const handle = turbo.tjInitDecompress();
    const read = [scratch, scratch + 4, scratch + 8, scratch + 12] as const;
    turbo.tjDecompressHeader3(handle, input, file.length, ...read);
    const [across, down] = new Uint32Array(turbo.memory.buffer, scratch, 2);
    if (across !== width || down !== height) throw damaged(DATA);
    const count = width * height * channels;
    const out = taken(turbo, count);
    const format = FORMATS[channels];
    const exact =
      0 ===
      turbo.tjDecompress2(
        handle,
        input,
        file.length,
        out,
        width,
        ROWS_WITHOUT_GAPS,
        height,
        format,
        DEFAULTS,
      );
    turbo.tjDestroy(handle);
    turbo.free(scratch);
    turbo.free(input);
    return {
      width,
      height,
      channels,
      exact,
      // another picture may make the memory grow, which leaves views of it empty
      get data() {
        return new Uint8Array(turbo.memory.buffer, out, count);
      },
      free: () => turbo.free(out),
    };
  });
}

function taken(turbo: TurboJpeg, size: number): number {
  const at = turbo.malloc(size);
  if (at === 0) throw noMemory();
  return at;
}
