/** AVIF by libavif and libaom; converted to RGB as the library converts it. */

import factory from "@jsquash/avif/codec/dec/avif_dec.js";
import path from "@jsquash/avif/codec/dec/avif_dec.wasm";
import type { Decoded } from "../formats/opened.ts";
import { isPlain, type Planes, toRgb } from "../yuv.ts";
import { agree, findPlanes } from "./avifplanes.ts";
import { decoder } from "./emscripten.ts";

let converted: Decoded | undefined;

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
        converted = convertedFrom(findPlanes(memory(), width, height), this);
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

/** The library's RGB; the binding's own where that is the same, or there is no other. */
function convertedFrom(
  planes: Planes | undefined,
  own: { data: Uint8ClampedArray; width: number; height: number },
): Decoded {
  const samples = planes && toRgb(planes);
  if (samples && agree(samples.data, samples.channels, own.data))
    return { ...samples, exact: true };
  return { ...own, channels: 4, exact: planes !== undefined && isPlain(planes) };
}

export async function decodeAvif(file: Uint8Array<ArrayBuffer>): Promise<Decoded> {
  try {
    await decodeOwn(file);
    return converted!;
  } finally {
    converted = undefined;
  }
}
