/** What the steps have in common. */

import type { State } from "../state.ts";
import type { Words } from "../words.ts";

/** One step on the screen. */
export interface View {
  readonly element: HTMLElement;
  /** Called after each change of the state, and when the connection comes or goes. */
  update(state: State): void;
}

/** What a step may do. */
export interface Actions {
  go(step: "welcome" | "choose" | "review"): void;
  choose(files: File[], leftOut: number): void;
  again(number: number): void;
  remove(number: number): void;
  clear(): void;
  /** Stop one picture, or all. */
  stop(number?: number): void;
  reveal(revealed: boolean): void;
  /** Fingerprints of parts are sent too, or not. */
  withParts(parts: boolean): void;
  send(): void;
  tryNow(): void;
  /** Seconds until the next try to send; 0 while one is under way. */
  readonly secondsLeft: number;
  /** The receipt was kept; nothing more is to be done here. */
  finish(): void;
  /** Tell a screen reader. */
  announce(text: string): void;
}

export type MakeView = (words: Words, actions: Actions) => View;
