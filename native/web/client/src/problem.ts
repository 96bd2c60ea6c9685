/** Why a picture became no fingerprint. */

export type ProblemCode =
  | "empty" // the file has no bytes
  | "not_a_picture" // no known picture format begins like this
  | "truncated" // the file ends, or breaks off, before the picture does
  | "too_large" // more bytes, pixels, a longer side or more memory than there may be
  | "too_small" // a side shorter than the limits allow
  | "blank" // nothing in it to tell it from other pictures
  | "unsupported" // a known format, or a kind of it, that cannot be decoded here
  | "not_loaded" // the decoder could not be fetched; with a network it may be
  | "self_test_failed" // this browser computes something else: nothing may be submitted
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

/** The problem of a file whose `what` is missing, cut short or makes no sense. */
export function damaged(what: string): PictureProblem {
  return new PictureProblem("truncated", `The ${what} is cut short or damaged.`);
}

/** The problem of a known format that is not decoded here. */
export function unsupported(what: string): PictureProblem {
  return new PictureProblem("unsupported", `This is ${what}, which is not decoded here.`);
}
