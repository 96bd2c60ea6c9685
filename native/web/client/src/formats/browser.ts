/** GIF and BMP by the browser's own decoder: through a canvas, which may round, or be made to lie. */

import { Bytes } from "../bytes.ts";
import { damaged, PictureProblem } from "../problem.ts";
import type { Decoded, Opened } from "./opened.ts";

export function openGif(file: Uint8Array<ArrayBuffer>): Opened {
  const bytes = new Bytes(file, "header of this GIF");
  return opened("GIF", "image/gif", file, bytes.u16(6, true), bytes.u16(8, true));
}

export function openBmp(file: Uint8Array<ArrayBuffer>): Opened {
  const bytes = new Bytes(file, "header of this BMP");
  const short = bytes.u32(14, true) === 12;
  const side = (at: number) =>
    short ? bytes.u16(18 + at, true) : Math.abs(bytes.u32(18 + 2 * at, true) | 0);
  return opened("BMP", "image/bmp", file, side(0), side(2));
}

function opened(
  format: string,
  type: string,
  file: Uint8Array<ArrayBuffer>,
  width: number,
  height: number,
): Opened {
  return {
    format,
    width,
    height,
    orientation: 1,
    decoder: "browser",
    decode: () => drawn(new Blob([file], { type }), width, height),
  };
}

async function drawn(file: Blob, width: number, height: number): Promise<Decoded> {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function")
    throw new PictureProblem("unsupported", "This browser cannot decode pictures in a worker.");
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
  } catch {
    throw damaged("data of this picture");
  }
  try {
    if (bitmap.width !== width || bitmap.height !== height) throw damaged("data of this picture");
    const context = new OffscreenCanvas(width, height).getContext("2d", {
      willReadFrequently: true,
    });
    if (!context) throw new PictureProblem("unsupported", "This browser gives no canvas.");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { data, width, height, channels: 4, exact: false };
  } finally {
    bitmap.close();
  }
}
