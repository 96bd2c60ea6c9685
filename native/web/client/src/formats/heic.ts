/** HEIC, what iPhones store: libheif reads its header first, and decodes when asked for pixels. */

import { Bytes } from "../bytes.ts";
import { openHeif } from "../decoders/libheif.ts";
import { primary } from "./bmff.ts";
import type { Opened } from "./opened.ts";

export async function open(file: Uint8Array<ArrayBuffer>): Promise<Opened> {
  const { orientation } = primary(new Bytes(file, "header of this HEIC"));
  const picture = await openHeif(file);
  // Colours lie on every second row and column: where these end within a pair, a picture is turned
  // otherwise than in the library, whose libheif brings colours to full size first.
  const even = picture.width % 2 === 0 && picture.height % 2 === 0;
  return {
    format: "HEIC",
    width: picture.width,
    height: picture.height,
    orientation: 1, // the decoder itself turns and mirrors it
    decoder: "wasm",
    decode: async () => ({ ...picture.decode(), exact: even || orientation === 1 }),
    close: () => picture.close(),
  };
}
