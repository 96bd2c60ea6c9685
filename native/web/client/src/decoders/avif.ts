/** AVIF by libavif and libaom; converted to RGB as the library converts it. */

import factory from "@jsquash/avif/codec/dec/avif_dec.js";
import path from "@jsquash/avif/codec/dec/avif_dec.wasm";
import type { Decoded } from "../formats/opened.ts";
import type { Samples } from "../pixels.ts";
import { type Planes, toRgb } from "../yuv.ts";
import { agree, findPlanes } from "./avifplanes.ts";
import { decoder } from "./emscripten.ts";

let converted: Samples | undefined;

const decodeOwn = decoder(
  factory,
  new URL(path, import.meta.url),
  (instance, file, memory) => {
    const Original = globalThis.ImageData;
    // The binding makes its result by this name, while the planes are still there.
    class Watched {
      data: Uint8ClampedArray;
      width: number;
      height: number;
      constructor(data: Uint8ClampedArray, width: number, height: number) {
        [this.data, this.width, this.height] = [data, width, height];
        converted = fromPlanes(findPlanes(memory(), width, height), data);
      }
    }
    globalThis.ImageData = Watched as unknown as typeof ImageData;
    try {
      return instance.decode(file, 8);
    } finally {
      globalThis.ImageData = Original;
    }
  },
  "data of this AVIF",
);

function fromPlanes(planes: Planes | undefined, own: Uint8ClampedArray): Samples | undefined {
  const samples = planes && toRgb(planes);
  return samples && agree(samples.data, samples.channels, own) ? samples : undefined;
}

/** Decode; gray pictures need no conversion that could round. */
export async function decodeAvif(file: Uint8Array<ArrayBuffer>, gray: boolean): Promise<Decoded> {
  converted = undefined;
  const own = await decodeOwn(file);
  const samples = converted as Samples | undefined;
  converted = undefined;
  return samples ? { ...samples, exact: true } : { ...own, exact: gray };
}
