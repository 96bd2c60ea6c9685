/** AVIF: turned and mirrored as its container says; EXIF does not say how to show it. */

import { Bytes } from "../bytes.ts";
import { decodeAvif } from "../decoders/avif.ts";
import { damaged } from "../problem.ts";
import { primary } from "./bmff.ts";
import type { Opened } from "./opened.ts";

export function open(file: Uint8Array<ArrayBuffer>): Opened {
  const { width, height, orientation } = primary(new Bytes(file, "header of this AVIF"));
  return {
    format: "AVIF",
    width,
    height,
    orientation,
    decoder: "wasm",
    async decode() {
      const samples = await decodeAvif(file);
      if (samples.width !== width || samples.height !== height) throw damaged("data of this AVIF");
      return samples;
    },
  };
}
