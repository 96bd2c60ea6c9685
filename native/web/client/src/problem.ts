/** Why a picture became no fingerprint. */

export type ProblemCode =
  | "empty" // the file has no bytes
  | "not_a_picture" // no known format begins like this
  | "truncated" // the file ends, or breaks off, before the picture does
  | "too_large" // more bytes, pixels or a longer side than the limits allow
  | "too_small" // a side shorter than the limits allow
  | "blank" // nothing in it to tell it from other pictures
  | "unsupported" // a known format, or a kind of it, that cannot be decoded here
  | "worker_lost" // the worker died over this picture, or could not be started
  | "cancelled"; // the caller's signal

/** A picture was refused; `code` is for programs, `message` for developers. */
export class PictureProblem extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.name = "PictureProblem";
    this.code = code;
  }
}
