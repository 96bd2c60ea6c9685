/** AVIF by libavif and libaom. */

import factory from "@jsquash/avif/codec/dec/avif_dec.js";
import path from "@jsquash/avif/codec/dec/avif_dec.wasm";
import { decoder } from "./emscripten.ts";

export const decodeAvif = decoder(
  factory,
  new URL(path, import.meta.url),
  (instance, file) => instance.decode(file, 8),
  "data of this AVIF",
);
