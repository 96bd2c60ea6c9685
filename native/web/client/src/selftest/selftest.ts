/** Known pictures through the whole path, decoder and core: a browser that lies is found out.
 *
 * Each decoder is tested when it is first used, before its first picture; the core and the formats
 * that were used are tested again whenever the page asks.
 */

import { hashPicture } from "../hashing.ts";
import { sniff, type Format } from "../formats/sniff.ts";
import { PictureProblem } from "../problem.ts";
import type { PictureFingerprints, SelfTest, Stage } from "../types.ts";
import { VECTORS, type Vector } from "./vectors.ts";

/** What a format's known picture showed. */
const tested = new Map<Format, Promise<boolean>>();
/** The format that needs nothing but the core: it is tested first, and always. */
const CORE: Format = "png";
/** Formats that the browser decodes. One that it decodes otherwise is refused, and does not count. */
const BY_BROWSER: ReadonlySet<Format> = new Set(["gif", "bmp"]);

/** Test the core, and every decoder that was used so far. */
export async function selfTest(): Promise<SelfTest> {
  const formats = new Set<Format>([CORE, ...tested.keys()]);
  const failed: string[] = [];
  for (const format of formats) {
    tested.delete(format);
    if (!(await passes(format)) && !BY_BROWSER.has(format)) failed.push(format);
  }
  return failed.length ? { ok: false, failed } : { ok: true };
}

/** Fetch and test every decoder, so that no network is needed from here on. */
export async function preload(): Promise<void> {
  for (const format of Object.keys(VECTORS) as Format[]) await passes(format);
}

/**
 * The fingerprints of a picture, by a decoder that passed its test.
 *
 * @throws {PictureProblem} the picture was refused, or the decoder failed.
 */
export async function checkedPicture(
  file: Blob,
  onProgress: (stage: Stage) => void,
): Promise<PictureFingerprints> {
  if (file.size > 0) {
    const format = sniff(new Uint8Array(await file.slice(0, 4096).arrayBuffer()));
    if (!(await passes(format)))
      throw new PictureProblem(
        BY_BROWSER.has(format) ? "unsupported" : "self_test_failed",
        `This browser computes another fingerprint of a known ${format}.`,
      );
  }
  return hashPicture(file, onProgress);
}

function passes(format: Format): Promise<boolean> {
  let passed = tested.get(format);
  if (!passed) {
    passed = run(VECTORS[format]);
    tested.set(format, passed);
    passed.catch(() => tested.delete(format)); // not loaded: it may be later
  }
  return passed;
}

async function run(vector: Vector): Promise<boolean> {
  try {
    const file = Uint8Array.from(atob(vector.base64), (letter) => letter.charCodeAt(0));
    const { fingerprints } = await hashPicture(new Blob([file]));
    const [whole] = fingerprints;
    return whole?.hash === vector.hash && whole.quality === vector.quality;
  } catch (error) {
    if (error instanceof PictureProblem && error.code !== "not_loaded") return false;
    throw error;
  }
}
