/** A file's bytes → its header, read by the format's own module, which is loaded when needed. */

import type { Format } from "../tested.ts";
import type { Opened } from "./opened.ts";
import { sniff } from "./sniff.ts";

type Open = (file: Uint8Array<ArrayBuffer>) => Opened | Promise<Opened>;

const READERS: Readonly<Record<Format, () => Promise<Open>>> = {
  jpeg: async () => (await import("./jpeg.ts")).open,
  png: async () => (await import("./png.ts")).open,
  webp: async () => (await import("./webp.ts")).open,
  avif: async () => (await import("./avif.ts")).open,
  heic: async () => (await import("./heic.ts")).open,
  gif: async () => (await import("./browser.ts")).openGif,
  bmp: async () => (await import("./browser.ts")).openBmp,
};

/**
 * Read the header of a picture; its pixels are not decoded yet.
 *
 * @throws {PictureProblem} the format is unknown or not decoded, or the header is damaged.
 */
export async function openPicture(file: Uint8Array<ArrayBuffer>): Promise<Opened> {
  const open = await READERS[sniff(file)]();
  return open(file);
}
