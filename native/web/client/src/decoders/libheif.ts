/** HEIC by libheif and libde265, through libheif's C interface: its own glue rounds chroma away. */

import factory, { type LibHeif } from "libheif-js/libheif-wasm/libheif.js";
import path from "libheif-js/libheif-wasm/libheif.wasm";
import { damaged } from "../problem.ts";
import type { Samples } from "../pixels.ts";
import { noMemory, outOfMemory, silently } from "./emscripten.ts";
import { Kept, moduleAt } from "./modules.ts";

/** Values of libheif's enumerations, and an offset in its heif_decoding_options. */
const COLORSPACE_RGB = 1;
const INTERLEAVED_RGB = 10;
const INTERLEAVED_RGBA = 11;
const CHANNEL_INTERLEAVED = 10;
const CONVERT_TO_8_BIT = 20;

const kept = new Kept<LibHeif>(
  async () => factory(silently(await moduleAt(new URL(path, import.meta.url)))),
  (instance) => instance.HEAPU8.byteLength,
);

export interface HeifPicture {
  width: number;
  height: number;
  decode(): Samples;
  close(): void;
}

/** Read the header of a HEIC; `close` gives its memory back. */
export function openHeif(file: Uint8Array<ArrayBuffer>): Promise<HeifPicture> {
  return kept.use((heif) => guarded("header of this HEIC", () => opened(heif, file)));
}

function opened(heif: LibHeif, file: Uint8Array<ArrayBuffer>): HeifPicture {
  const data = heif._malloc(file.length);
  const scratch = heif._malloc(32); // an error of 12 bytes, then what a call gives
  const found = scratch + 16;
  const context = heif._heif_context_alloc();
  heif.HEAPU8.set(file, data);
  const number = (at: number) => new DataView(heif.HEAPU8.buffer).getInt32(at, true);
  let handle = 0;

  const close = () => {
    if (handle) heif._heif_image_handle_release(handle);
    heif._heif_context_free(context);
    heif._free(scratch);
    heif._free(data);
  };
  const check = (what: string) => {
    if (number(scratch) !== 0) throw damaged(what);
  };

  try {
    heif._heif_context_read_from_memory_without_copy(scratch, context, data, file.length, 0);
    check("header of this HEIC");
    heif._heif_context_get_primary_image_handle(scratch, context, found);
    check("header of this HEIC");
  } catch (error) {
    close();
    throw error;
  }
  handle = number(found);
  const width = heif._heif_image_handle_get_width(handle);
  const height = heif._heif_image_handle_get_height(handle);

  const decode = (): Samples => {
    const alpha = heif._heif_image_handle_has_alpha_channel(handle) !== 0;
    const channels = alpha ? 4 : 3;
    const options = heif._heif_decoding_options_alloc();
    heif.HEAPU8[options + CONVERT_TO_8_BIT] = 1;
    const chroma = alpha ? INTERLEAVED_RGBA : INTERLEAVED_RGB;
    heif._heif_decode_image(scratch, handle, found, COLORSPACE_RGB, chroma, options);
    heif._heif_decoding_options_free(options);
    check("data of this HEIC");
    const image = number(found);
    const plane = heif._heif_image_get_plane_readonly(image, CHANNEL_INTERLEAVED, found);
    const stride = number(found);
    const samples = new Uint8Array(width * height * channels);
    for (let y = 0, to = 0; y < height; y++, to += width * channels)
      samples.set(
        heif.HEAPU8.subarray(plane + y * stride, plane + y * stride + width * channels),
        to,
      );
    heif._heif_image_release(image);
    return { data: samples, width, height, channels };
  };
  return { width, height, decode: () => guarded("data of this HEIC", decode), close };
}

function guarded<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (outOfMemory(error)) throw noMemory();
    if (error instanceof Error) throw error;
    throw damaged(what); // a C++ exception
  }
}
