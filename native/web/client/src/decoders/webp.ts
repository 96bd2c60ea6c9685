/** WebP by libwebp. */

import factory from "@jsquash/webp/codec/dec/webp_dec.js";
import path from "@jsquash/webp/codec/dec/webp_dec.wasm";
import { decoder } from "./emscripten.ts";

export const decodeWebp = decoder(
  factory,
  new URL(path, import.meta.url),
  (instance, file) => instance.decode(file),
  "data of this WebP",
);
