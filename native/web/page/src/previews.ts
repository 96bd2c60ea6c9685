/**
 * Small pictures to tell the chosen ones apart. Until they are asked for only a handful of colours
 * is drawn: what is not in the document cannot be seen by anyone who looks over a shoulder.
 *
 * Nothing is ever read back from these canvases; fingerprints are made from the file.
 */

const SHOWN = 160;
const HIDDEN = 3;

/** One small picture after the other, and only of rows that are on the screen. */
export class Previews {
  readonly #files = new WeakMap<Element, File>();
  readonly #drawn = new WeakMap<Element, number>();
  readonly #queue = new Set<HTMLCanvasElement>();
  readonly #observer: IntersectionObserver;
  #revealed = false;
  #busy = false;

  constructor() {
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const canvas = target as HTMLCanvasElement;
        if (isIntersecting) this.#queue.add(canvas);
        else this.#queue.delete(canvas);
      }
      void this.#work();
    });
  }

  /** Draw the file's picture into the canvas when that comes into view. */
  add(canvas: HTMLCanvasElement, file: File): void {
    this.#files.set(canvas, file);
    this.#observer.observe(canvas);
  }

  remove(canvas: HTMLCanvasElement): void {
    this.#observer.unobserve(canvas);
    this.#queue.delete(canvas);
  }

  /** Show pictures, or colours only. */
  reveal(revealed: boolean, canvases: Iterable<HTMLCanvasElement>): void {
    if (revealed === this.#revealed) return;
    this.#revealed = revealed;
    for (const canvas of canvases) {
      // what is shown is hidden at once; the observer then tells anew what is in view
      canvas.width = 0;
      this.#observer.unobserve(canvas);
      this.#observer.observe(canvas);
    }
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (const canvas of this.#queue) {
      this.#queue.delete(canvas);
      await this.#draw(canvas);
    }
    this.#busy = false;
  }

  async #draw(canvas: HTMLCanvasElement): Promise<void> {
    const size = this.#revealed ? SHOWN : HIDDEN;
    const file = this.#files.get(canvas);
    if (file === undefined || (canvas.width > 0 && this.#drawn.get(canvas) === size)) return;
    try {
      const bitmap = await createImageBitmap(file, { resizeWidth: SHOWN, resizeQuality: "low" });
      if ((this.#revealed ? SHOWN : HIDDEN) === size) {
        canvas.width = canvas.height = size;
        const scale = Math.max(size / bitmap.width, size / bitmap.height);
        const [width, height] = [bitmap.width * scale, bitmap.height * scale];
        canvas
          .getContext("2d")
          ?.drawImage(bitmap, (size - width) / 2, (size - height) / 2, width, height);
        this.#drawn.set(canvas, size);
      }
      bitmap.close();
    } catch {
      // a picture that the browser cannot draw keeps the plain tile
    }
  }
}
