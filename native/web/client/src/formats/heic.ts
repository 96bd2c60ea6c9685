/** HEIC, what iPhones store: libheif reads its header first, and decodes when asked for pixels. */

import { openHeif } from "../decoders/libheif.ts";
import type { Opened } from "./opened.ts";

export async function open(file: Uint8Array<ArrayBuffer>): Promise<Opened> {
  const picture = await openHeif(file);
  return {
    format: "HEIC",
    width: picture.width,
    height: picture.height,
    orientation: 1, // the decoder itself turns and mirrors it
    decoder: "wasm",
    exact: false, // see benchmarks/README.md: this HEVC decoder differs in single samples
    decode: async () => picture.decode(),
    close: () => picture.close(),
  };
}
