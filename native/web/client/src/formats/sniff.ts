/** Which format a file has, by its first bytes; names and extensions are not trusted. */

import { latin } from "../bytes.ts";
import { PictureProblem, unsupported } from "../problem.ts";
import type { Format } from "../tested.ts";

const DECODED: readonly (readonly [RegExp, Format])[] = [
  [/^\xff\xd8\xff/, "jpeg"],
  [/^\x89PNG\r\n\x1a\n/, "png"],
  [/^GIF8[79]a/, "gif"],
  [/^RIFF[^]{4}WEBPVP8[ LX]/, "webp"],
  [/^BM[^]{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/, "bmp"],
];

/** Formats that are told apart only to be refused by name. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, "a TIFF or raw camera picture"],
  [/^(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)[^]{0,1024}<svg|^<svg/, "an SVG drawing"],
  [/^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/, "a JPEG 2000 picture"],
  [/^(\0\0\0\x0cJXL |\xff\x0a)/, "a JPEG XL picture"],
  [/^II\xbc[\0\x01]/, "a JPEG XR picture"],
  [/^8BPS/, "a Photoshop document"],
  [/^gimp xcf/, "a GIMP document"],
  [/^\0\0[\x01\x02]\0/, "an icon or cursor"],
  [/^P[1-7fF]\s/, "a netpbm picture"],
  [/^\x76\x2f\x31\x01/, "an OpenEXR picture"],
  [/^qoif/, "a QOI picture"],
  [/^DDS /, "a DirectDraw texture"],
];

const HEIC = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]);
const AVIF = new Set(["avif", "avis"]);
const CONTAINERS = new Set([...HEIC, ...AVIF, "mif1", "msf1", "miaf"]);
const MAX_BRANDS = 64;

/** @throws {PictureProblem} "not_a_picture", or "unsupported" for a known format. */
export function sniff(file: Uint8Array): Format {
  const head = latin(file.subarray(0, 4096));
  for (const [magic, format] of DECODED) if (magic.test(head)) return format;
  for (const [magic, name] of KNOWN) if (magic.test(head)) throw unsupported(name);
  const found = brands(head);
  if (CONTAINERS.has(found[0] ?? "")) {
    // The major brand may be the container's only; what is in it is among the others.
    for (const brand of found) {
      if (AVIF.has(brand)) return "avif";
      if (HEIC.has(brand)) return "heic";
    }
    throw unsupported("a HEIF container of another kind");
  }
  throw new PictureProblem(
    "not_a_picture",
    "The first bytes of this file are those of no known picture format.",
  );
}

function brands(head: string): string[] {
  if (head.slice(4, 8) !== "ftyp") return [];
  let size = 0;
  for (let at = 0; at < 4; at++) size = size * 256 + head.charCodeAt(at);
  const listed = head.slice(16, Math.min(size, 16 + 4 * MAX_BRANDS));
  return [head.slice(8, 12), ...(listed.match(/[^]{4}/g) ?? [])];
}
