/** Sends until there is an answer that settles it, always under the same key. */

import { newKey, ServiceError, submit, type Obstacle, type Receipt } from "./service.ts";

const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 60;

export interface Watcher {
  /** It did not arrive, or that is not known; `seconds` until the next try, whole. */
  postponed(obstacle: Obstacle, seconds: number): void;
  trying(): void;
  arrived(receipt: Receipt): void;
  refused(obstacle: Obstacle): void;
}

/** One submission on its way. */
export class Delivery {
  readonly #body: string;
  readonly #key = newKey();
  readonly #watcher: Watcher;
  readonly #end = new AbortController();
  #wake: (() => void) | null = null;

  constructor(body: string, watcher: Watcher) {
    this.#body = body;
    this.#watcher = watcher;
  }

  /** Resolves when it has arrived, was refused, or was ended. */
  async run(): Promise<void> {
    for (let wait = FIRST_WAIT_SECONDS; ; wait = Math.min(2 * wait, LONGEST_WAIT_SECONDS)) {
      this.#watcher.trying();
      try {
        const receipt = await submit(this.#body, this.#key, this.#end.signal);
        this.#watcher.arrived(receipt);
        return;
      } catch (error) {
        if (this.#end.signal.aborted) return;
        if (!(error instanceof ServiceError)) throw error;
        if (error.obstacle.final) {
          this.#watcher.refused(error.obstacle);
          return;
        }
        await this.#pause(error.obstacle, Math.ceil(error.obstacle.seconds ?? wait));
        if (this.#end.signal.aborted) return;
      }
    }
  }

  /** Do not wait any longer for the next try. */
  tryNow(): void {
    this.#wake?.();
  }

  end(): void {
    this.#end.abort();
    this.#wake?.();
  }

  async #pause(obstacle: Obstacle, seconds: number): Promise<void> {
    let awake = false;
    for (let left = seconds; left > 0 && !awake; left -= 1) {
      this.#watcher.postponed(obstacle, left);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#wake = () => {
          awake = true;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
  }
}
