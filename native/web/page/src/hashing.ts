/** Lets the worker make fingerprints, one picture after the other, in the order of choosing. */

import { Fingerprinter, PictureProblem } from "hashmatch-client";
import type { Engine, Picture } from "./state.ts";
import type { Store } from "./store.ts";

export class Hashing {
  readonly #store: Store;
  readonly #base: string;
  #fingerprinter: Fingerprinter | null = null;
  #current: { number: number; end: AbortController } | null = null;
  #completing = false;

  /** @param base - the folder of the worker and the WebAssembly files. */
  constructor(store: Store, base: string) {
    this.#store = store;
    this.#base = base;
  }

  /** Start the worker and let it show that it computes correctly; without that it does nothing. */
  async start(): Promise<void> {
    try {
      this.#fingerprinter = await Fingerprinter.start({ base: this.#base });
      const { ok } = await this.#fingerprinter.selfTest();
      this.#store.tell({ type: "engine", engine: ok ? "ready" : "refused" });
    } catch {
      this.#store.tell({ type: "engine", engine: "lost" });
    }
    void this.work();
    await this.complete();
  }

  /**
   * Load what opens each kind of picture, so that nothing has to be loaded later: for those who
   * have begun, and not for those who only read. A picture that is chosen meanwhile comes first.
   */
  async complete(): Promise<void> {
    const { engine, step } = this.#store.state;
    if (this.#completing || engine !== "ready" || step === "welcome" || savesData()) return;
    this.#completing = true;
    try {
      await this.#fingerprinter?.preload({ parts: true });
      this.#store.tell({ type: "engine", engine: "complete" });
    } catch {
      // what is missing is loaded when a picture needs it
    } finally {
      this.#completing = false;
    }
  }

  /** Work on what is waiting; does nothing where that is under way already. */
  async work(): Promise<void> {
    while (this.#current === null && isGood(this.#store.state.engine)) {
      const picture = this.#store.state.pictures.find((each) => each.stage === "waiting");
      if (picture === undefined) return;
      await this.#hash(picture);
    }
  }

  /** Stop one picture, or every one that is not done. */
  stop(number?: number): void {
    for (const each of this.#store.state.pictures) {
      if (number !== undefined && each.number !== number) continue;
      if (each.number === this.#current?.number) this.#current.end.abort();
      else if (each.stage === "waiting") {
        this.#store.tell({ type: "failed", number: each.number, problem: "cancelled" });
      }
    }
  }

  /** The pictures were taken away: what is under way for nobody is ended. */
  tidy(): void {
    const current = this.#current;
    if (current !== null && !this.#store.state.pictures.some((p) => p.number === current.number)) {
      current.end.abort();
    }
  }

  close(): void {
    this.#current?.end.abort();
    this.#fingerprinter?.close();
    this.#fingerprinter = null;
  }

  async #hash({ number, file }: Picture): Promise<void> {
    const end = new AbortController();
    this.#current = { number, end };
    this.#store.tell({ type: "stage", number, stage: "reading" });
    try {
      const result = await this.#fingerprinter!.fingerprint(file, {
        signal: end.signal,
        parts: true, // whether they are sent is asked when all is there to be looked at
        onProgress: (stage) => this.#store.tell({ type: "stage", number, stage }),
      });
      this.#store.tell({ type: "hashed", number, result });
    } catch (error) {
      const problem = error instanceof PictureProblem ? error.code : "worker_lost";
      this.#store.tell({ type: "failed", number, problem });
      if (problem === "self_test_failed") this.#store.tell({ type: "engine", engine: "refused" });
    } finally {
      this.#current = null;
    }
  }
}

function isGood(engine: Engine): boolean {
  return engine === "ready" || engine === "complete";
}

/** Whether the person asked the browser to load as little as possible. */
function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
