/** Known pictures through the whole path, decoder and core: a browser that lies is found out.
 *
 * Each decoder is tested when it is first used, before its first picture; the core and the formats
 * that were used are tested again whenever the page asks.
 */

import { hashPicture } from "../hashing.ts";
import { sniff } from "../formats/sniff.ts";
import { PictureProblem } from "../problem.ts";
import type { Format, Tested } from "../tested.ts";
import type { PictureFingerprints, SelfTest, Stage } from "../types.ts";
import { VECTORS, type Vector } from "./vectors.ts";

/** What the known pictures showed. */
const tested = new Map<Tested, Promise<boolean>>();
/** The format that needs nothing but the core: it is tested first, and always. */
const CORE: Format = "png";
/** Formats that the browser decodes. One that it decodes otherwise is refused, and does not count. */
const BY_BROWSER: ReadonlySet<Tested> = new Set(["gif", "bmp"]);

/** Test the core, and every decoder that was used so far; and parts, if they were. */
export async function selfTest(): Promise<SelfTest> {
  const used = new Set<Tested>([CORE, ...tested.keys()]);
  const failed: string[] = [];
  for (const each of used) {
    tested.delete(each);
    if (!(await passes(each)) && !BY_BROWSER.has(each)) failed.push(each);
  }
  return failed.length ? { ok: false, failed } : { ok: true };
}

/** Fetch and test a decoder, or what makes parts, so that no network is needed for it from here on. */
export async function preload(what: Tested): Promise<void> {
  await passes(what);
}

/**
 * The fingerprints of a picture, by a decoder that passed its test, and by parts that did.
 *
 * @throws {PictureProblem} the picture was refused, or the decoder failed.
 */
export async function checkedPicture(
  file: Blob,
  parts: boolean,
  onProgress: (stage: Stage) => void,
): Promise<PictureFingerprints> {
  if (file.size > 0) {
    const format = sniff(new Uint8Array(await file.slice(0, 4096).arrayBuffer()));
    if (!(await passes(format)))
      throw new PictureProblem(
        BY_BROWSER.has(format) ? "unsupported" : "self_test_failed",
        `This browser computes another fingerprint of a known ${format}.`,
      );
    if (parts && !(await passes("parts")))
      throw new PictureProblem(
        "self_test_failed",
        "This browser computes other fingerprints of the parts of a known picture.",
      );
  }
  return hashPicture(file, parts, onProgress);
}

function passes(what: Tested): Promise<boolean> {
  let passed = tested.get(what);
  if (!passed) {
    passed = run(what === "parts" ? partsAreKnown : () => decodesAs(VECTORS[what]));
    tested.set(what, passed);
    passed.catch(() => tested.delete(what)); // not loaded: it may be later
  }
  return passed;
}

async function decodesAs(vector: Vector): Promise<boolean> {
  const file = Uint8Array.from(atob(vector.base64), (letter) => letter.charCodeAt(0));
  const { fingerprints } = await hashPicture(new Blob([file]), false);
  const [whole] = fingerprints;
  return whole?.hash === vector.hash && whole.quality === vector.quality;
}

/** The known answer is as long as its picture's fingerprint: it is fetched with what makes parts. */
async function partsAreKnown(): Promise<boolean> {
  return (await import("./known_parts.ts")).partsAreKnown();
}

async function run(test: () => Promise<boolean>): Promise<boolean> {
  try {
    return await test();
  } catch (error) {
    if (error instanceof PictureProblem && error.code !== "not_loaded") return false;
    throw error;
  }
}
