/** WebAssembly, fetched from our own origin when first needed, and kept compiled. */

import { PictureProblem } from "../problem.ts";

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** What of an instance may stay after a picture; a larger one is dropped, for it never shrinks. */
const KEPT_BYTES = 256 * 2 ** 20;

/** @throws {PictureProblem} "not_loaded" where it cannot be fetched. */
export function moduleAt(url: URL): Promise<WebAssembly.Module> {
  let module = compiled.get(url.href);
  if (!module) {
    module = fetchBytes(url).then((bytes) => WebAssembly.compile(bytes));
    compiled.set(url.href, module);
    module.catch(() => compiled.delete(url.href)); // the network may come back
  }
  return module;
}

async function fetchBytes(url: URL): Promise<ArrayBuffer> {
  try {
    const answer = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (answer.ok) return await answer.arrayBuffer();
  } catch {
    // told below
  }
  throw new PictureProblem("not_loaded", `${url.pathname} could not be fetched.`);
}

/** An instance that is made when needed, and dropped after a picture that made it large. */
export class Kept<Instance> {
  readonly #make: () => Promise<Instance>;
  readonly #size: (instance: Instance) => number;
  #instance: Promise<Instance> | undefined;

  constructor(make: () => Promise<Instance>, size: (instance: Instance) => number) {
    this.#make = make;
    this.#size = size;
  }

  /** Use the instance; one that fails is not used again, for nobody knows its state. */
  async use<Result>(work: (instance: Instance) => Result): Promise<Result> {
    this.#instance ??= this.#make();
    try {
      const instance = await this.#instance;
      const result = work(instance);
      if (this.#size(instance) > KEPT_BYTES) this.#instance = undefined;
      return result;
    } catch (error) {
      this.#instance = undefined;
      throw error;
    }
  }
}
