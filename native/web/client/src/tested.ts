/** What is loaded and tested by a known picture of its own, each when it is first needed. */

/** Formats that are decoded, those that people have most of first. */
export const FORMATS = ["jpeg", "heic", "png", "webp", "avif", "gif", "bmp"] as const;
export type Format = (typeof FORMATS)[number];

/** The formats, and what makes parts. */
export type Tested = Format | "parts";

/** All of it, where parts are wanted or not. */
export function allTested(parts: boolean): Tested[] {
  const [first, ...others] = FORMATS;
  return parts ? [first, "parts", ...others] : [first, ...others];
}
