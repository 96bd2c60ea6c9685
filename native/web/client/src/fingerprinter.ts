/** What a page holds: pictures go in, fingerprints come out, and a worker does it. */

import { PictureProblem } from "./problem.ts";
import type { FingerprintOptions, PictureFingerprints, SelfTest } from "./types.ts";

export interface StartOptions {
  /** The folder that holds `worker.js` and the WebAssembly files; of the page's own origin. */
  base: string | URL;
}

/** Hashes pictures one after the other, in the order they were asked for. */
export class Fingerprinter {
  readonly #base: URL;

  private constructor(base: URL) {
    this.#base = base;
  }

  /** Start the worker, and load the core. Decoders are loaded when first needed. */
  static async start({ base }: StartOptions): Promise<Fingerprinter> {
    return new Fingerprinter(new URL(base, globalThis.location?.href));
  }

  /** Known pictures through the whole path, each decoder and the core. */
  async selfTest(): Promise<SelfTest> {
    throw new PictureProblem("worker_lost", `No worker at ${this.#base.href} yet.`);
  }

  /**
   * The fingerprints of one picture.
   *
   * @throws {PictureProblem} the picture was refused; `code` says why.
   */
  async fingerprint(_file: Blob, _options: FingerprintOptions = {}): Promise<PictureFingerprints> {
    throw new PictureProblem("worker_lost", `No worker at ${this.#base.href} yet.`);
  }

  /** End the worker; what is under way is rejected with the problem "cancelled". */
  close(): void {}
}
