/** Reading numbers and names out of files of unknown good will. */

import { damaged } from "./problem.ts";

/** Parts of a file (segments, chunks, boxes) that are walked before the pixels begin. */
const MAX_PARTS = 200_000;

/** A file's bytes. Reading past the end is a problem of the file, named by `what`. */
export class Bytes {
  readonly all: Uint8Array<ArrayBuffer>;
  readonly what: string;
  readonly #view: DataView;

  constructor(all: Uint8Array<ArrayBuffer>, what: string) {
    this.all = all;
    this.what = what;
    this.#view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  }

  get length(): number {
    return this.all.length;
  }

  #checked(at: number, count: number): number {
    if (at < 0 || at + count > this.all.length) throw damaged(this.what);
    return at;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#checked(at, 1));
  }

  u16(at: number, little = false): number {
    return this.#view.getUint16(this.#checked(at, 2), little);
  }

  u32(at: number, little = false): number {
    return this.#view.getUint32(this.#checked(at, 4), little);
  }

  /** Four bytes as letters, for instance "IHDR". */
  name(at: number): string {
    return latin(this.all.subarray(this.#checked(at, 4), at + 4));
  }
}

/** Bytes as characters, one each. */
export function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Counts the parts of a header while it is walked; refuses files made of nothing else. */
export function* parts(what: string): Generator<number> {
  for (let part = 0; part < MAX_PARTS; part++) yield part;
  throw damaged(what);
}

/** Joins pieces into one. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
