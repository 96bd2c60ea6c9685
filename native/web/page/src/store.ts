/** Holds the state, and tells those who draw it; many changes in a row are drawn once. */

import { INITIAL, next, type Happening, type State } from "./state.ts";

export class Store {
  #state = INITIAL;
  #draw: (state: State) => void = () => {};
  #waiting = false;

  get state(): State {
    return this.#state;
  }

  /** Call `draw` with the state now and after each change. */
  drawWith(draw: (state: State) => void): void {
    this.#draw = draw;
    draw(this.#state);
  }

  tell(happening: Happening): void {
    const changed = next(this.#state, happening);
    if (changed === this.#state) return;
    const stepped = changed.step !== this.#state.step;
    this.#state = changed;
    if (stepped) {
      // at once: the focus moves with the press of the key or button
      this.#draw(changed);
    } else if (!this.#waiting) {
      this.#waiting = true;
      setTimeout(() => {
        this.#waiting = false;
        this.#draw(this.#state);
      });
    }
  }
}
