/** What a format's reader hands on: a header that was read, and pixels that can be. */

import type { Samples } from "../pixels.ts";

/** Decoded samples, and whether they are those of the library, to the last bit. */
export interface Decoded extends Samples {
  exact: boolean;
}

export interface Opened {
  /** For people, for instance "PNG". */
  format: string;
  /** In pixels, as stored: before `orientation` is applied. */
  width: number;
  height: number;
  /** 1 to 8, the value of the EXIF tag: what turns the stored picture upright. */
  orientation: number;
  decoder: "wasm" | "browser";
  decode(): Promise<Decoded>;
  /** Give back what was taken to read the header, and what decoded samples lie in. */
  close?(): void;
}
