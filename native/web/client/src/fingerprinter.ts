/** What a page holds: pictures go in, fingerprints come out, and a worker does it. */

import type { Answer, Request, Results } from "./messages.ts";
import { PictureProblem } from "./problem.ts";
import { allTested } from "./tested.ts";
import type { FingerprintOptions, PictureFingerprints, SelfTest, Stage } from "./types.ts";

export interface StartOptions {
  /** The folder that holds `worker.js` and the WebAssembly files; of the page's own origin. */
  base: string | URL;
  /** Seconds that one picture may take before its worker is given up. */
  timeLimit?: number;
}

/** A request that waits for its turn, or for its answer. */
interface Job {
  request: Request;
  resolve(result: never): void;
  reject(problem: unknown): void;
  onProgress: (stage: Stage) => void;
}

/** A request without its number. */
type Asked<Kind extends Request["kind"]> = Omit<Extract<Request, { kind: Kind }>, "id">;

/** Hashes pictures one after the other, in the order they were asked for. */
export class Fingerprinter {
  readonly #worker: URL;
  readonly #timeLimit: number;
  readonly #waiting: Job[] = [];
  #live: Worker | undefined;
  #current: Job | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #closed = false;

  private constructor(worker: URL, timeLimit: number) {
    this.#worker = worker;
    this.#timeLimit = timeLimit;
  }

  /**
   * Start the worker, and load the core. Decoders are loaded when first needed.
   *
   * @throws {PictureProblem} "not_loaded" or "worker_lost", where there is none to be had.
   */
  static async start({ base, timeLimit = 60 }: StartOptions): Promise<Fingerprinter> {
    const folder = new URL(base, globalThis.location?.href);
    const made = new Fingerprinter(new URL("worker.js", folder), timeLimit);
    await new Promise<void>((resolve, reject) => made.#launch(resolve, reject));
    return made;
  }

  /** Known pictures through the whole path: the core, and each decoder that was used so far. */
  selfTest(): Promise<SelfTest> {
    return this.#ask<"self-test">({ kind: "self-test" });
  }

  /**
   * Fetch and test every decoder, and what makes parts where they are wanted, so that no network is
   * needed to fingerprint from here on. One after the other: a picture that is asked for meanwhile
   * waits for one of them at most.
   */
  async preload({ parts = false }: Pick<FingerprintOptions, "parts"> = {}): Promise<void> {
    for (const what of allTested(parts)) await this.#ask<"preload">({ kind: "preload", what });
  }

  /**
   * The fingerprints of one picture, which leaves neither the page nor its worker.
   *
   * @throws {PictureProblem} the picture was refused; `code` says why.
   */
  async fingerprint(file: Blob, options: FingerprintOptions = {}): Promise<PictureFingerprints> {
    const { signal, onProgress = () => undefined, parts = false } = options;
    if (signal?.aborted) throw cancelled();
    onProgress("waiting");
    const id = this.#lastId + 1;
    const done = this.#ask<"fingerprint">({ kind: "fingerprint", file, parts }, onProgress);
    const abort = () => this.#cancel(id);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await done;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** End the worker; what waits or is under way is rejected with the problem "cancelled". */
  close(): void {
    this.#closed = true;
    this.#dismiss();
    const left = this.#waiting.splice(0);
    if (this.#current) left.unshift(this.#current);
    this.#current = undefined;
    for (const job of left) job.reject(cancelled());
  }

  #ask<Kind extends keyof Results>(
    what: Asked<Kind>,
    onProgress: (stage: Stage) => void = () => undefined,
  ): Promise<Results[Kind]> {
    const request = { ...what, id: ++this.#lastId } as Request;
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(cancelled());
      else {
        this.#waiting.push({ request, resolve, reject, onProgress });
        this.#next();
      }
    });
  }

  #next(): void {
    if (this.#current || !this.#waiting.length) return;
    if (!this.#live) this.#launch();
    this.#current = this.#waiting.shift()!;
    this.#timer = setTimeout(
      () => this.#lost("The picture took too long."),
      this.#timeLimit * 1000,
    );
    this.#live?.postMessage(this.#current.request);
  }

  #launch(ready: () => void = () => undefined, failed?: (problem: PictureProblem) => void): void {
    const worker = new Worker(this.#worker, { type: "module", name: "hashmatch" });
    this.#live = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      if (worker !== this.#live) return;
      if (data.kind === "ready") ready();
      else if (data.kind === "problem" && data.id === 0) {
        failed?.(new PictureProblem(data.code, data.message));
        this.#lost(data.message);
      } else this.#take(data);
    });
    for (const kind of ["error", "messageerror"])
      worker.addEventListener(kind, (event) => {
        event.preventDefault();
        if (worker !== this.#live) return;
        failed?.(new PictureProblem("worker_lost", "The worker could not be started."));
        this.#lost("The worker died.");
      });
  }

  #take(answer: Exclude<Answer, { kind: "ready" }>): void {
    const job = this.#current;
    if (!job || job.request.id !== answer.id) return;
    if (answer.kind === "progress") return job.onProgress(answer.stage);
    if (answer.kind === "problem" && answer.code === "worker_lost")
      return this.#lost(answer.message);
    this.#finish();
    if (answer.kind === "done") job.resolve(answer.result as never);
    else job.reject(new PictureProblem(answer.code, answer.message));
    this.#next();
  }

  /** The worker is of no use any more: the picture it had is given up, the others get a new one. */
  #lost(message: string): void {
    const job = this.#current;
    this.#dismiss();
    this.#finish();
    job?.reject(new PictureProblem("worker_lost", message));
    this.#next();
  }

  #cancel(id: number): void {
    const place = this.#waiting.findIndex((job) => job.request.id === id);
    if (place >= 0) {
      this.#waiting.splice(place, 1)[0]!.reject(cancelled());
    } else if (this.#current?.request.id === id) {
      // A decoder cannot be interrupted; its worker can be ended.
      const job = this.#current;
      this.#dismiss();
      this.#finish();
      job.reject(cancelled());
      this.#next();
    }
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
  }

  #dismiss(): void {
    clearTimeout(this.#timer);
    this.#live?.terminate();
    this.#live = undefined;
  }
}

function cancelled(): PictureProblem {
  return new PictureProblem("cancelled", "The picture was cancelled.");
}
