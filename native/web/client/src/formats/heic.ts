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
    // Its HEVC decoder is an older version than the library's, and gives other samples here and there.
    decode: async () => ({ ...picture.decode(), exact: false }),
    close: () => picture.close(),
  };
}
