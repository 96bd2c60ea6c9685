/** JPEG by mozjpeg, whose decoder is that of libjpeg-turbo. */

import factory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import path from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import { decoder } from "./emscripten.ts";

export const decodeJpeg = decoder(
  factory,
  new URL(path, import.meta.url),
  // The orientation is ours to apply; the file has no EXIF left that could tell it.
  (instance, file) => instance.decode(file, true),
  "data of this JPEG",
);
