/** The values that a caller sees: what was asked for, what came of it, and what is sent. */

/** What of a picture a fingerprint is of. */
export type FingerprintKind = "whole" | "view" | "parts";

/** One fingerprint, as it is sent. */
export interface Fingerprint {
  kind: FingerprintKind;
  /** The algorithm: "pdq", or "pdq-part" where the kind is "parts". */
  hasher: string;
  /**
   * Lower-case hexadecimal digits, 64 of them for PDQ. Of parts: their codes, places and tiles, in
   * bytes as the library packs them, 8,436 digits at most.
   */
  hash: string;
  /** 0 to 100: how much there was to tell pictures apart by; null of parts, which have their own. */
  quality: number | null;
  /** The name of the view, where the kind is "view". */
  view?: string;
}

/** What became of one picture. The first fingerprint is of the whole picture. */
export interface PictureFingerprints {
  fingerprints: Fingerprint[];
  /** Of the upright picture, in pixels. */
  width: number;
  height: number;
  /** For people: "JPEG", "PNG", "WebP", "AVIF", "HEIC", "GIF", "BMP", "TIFF". */
  format: string;
  /** Who decoded it: WebAssembly from our own origin, or the browser itself. */
  decoder: "wasm" | "browser";
  /** Whether the bits are those of the library; where not, they may differ slightly. */
  exact: boolean;
}

/** How far a picture is. Decoding and hashing are one step each: neither can tell its middle. */
export type Stage = "waiting" | "reading" | "decoding" | "hashing";

/** How one picture is to be hashed. */
export interface FingerprintOptions {
  /** Ends the work; the promise is then rejected with the problem "cancelled". */
  signal?: AbortSignal;
  onProgress?: (stage: Stage) => void;
  /**
   * Whether parts and tiles are wanted beside the whole picture: by them it is found in crops,
   * screenshots and collages, and they tell more of it. A picture of low quality has none.
   */
  parts?: boolean;
}

/** Whether this browser computes what it should. Where `ok` is false, nothing may be submitted. */
export interface SelfTest {
  ok: boolean;
  /** The formats whose known picture got another hash, for instance "jpeg"; "parts" for those of parts. */
  failed?: string[];
}
