/** What the page knows, and how it changes: a pure function of what happened. */

import type { PictureFingerprints, ProblemCode, Stage } from "hashmatch-client";
import type { Obstacle, Receipt } from "./service.ts";

/** Most pictures of one case. */
export const MOST_PICTURES = 500;

/** Under this quality a fingerprint finds copies less surely; lists have it as their default. */
const GOOD_QUALITY = 50;

export type Step = "welcome" | "choose" | "review" | "sending" | "done";

/**
 * "ready": it computes correctly. "complete": and needs no connection any more.
 * "refused": it computes wrongly. "lost": it could not be loaded or started.
 */
export type Engine = "loading" | "ready" | "complete" | "refused" | "lost";

export interface Picture {
  /** Counted from 1 in the order of choosing, and never given twice: people are told it. */
  readonly number: number;
  readonly file: File;
  readonly stage: Stage | "ready" | "failed";
  readonly result?: PictureFingerprints;
  readonly problem?: ProblemCode;
}

export interface State {
  readonly step: Step;
  readonly engine: Engine;
  readonly pictures: readonly Picture[];
  /** How many pictures were ever chosen. */
  readonly chosen: number;
  /** Files of the last choice that are no pictures by their names. */
  readonly leftOut: number;
  /** The last choice had more pictures than a case takes. */
  readonly tooMany: boolean;
  /** Names and previews are shown. */
  readonly revealed: boolean;
  /** Fingerprints of parts are sent too. */
  readonly parts: boolean;
  /** Why what is being sent has not arrived. */
  readonly obstacle: Obstacle | null;
  readonly receipt: Receipt | null;
  /** The numbers of the pictures that were sent, in their order. */
  readonly sent: readonly number[];
}

export type Happening =
  | { type: "engine"; engine: Engine }
  | { type: "go"; step: "welcome" | "choose" | "review" }
  | { type: "chosen"; files: readonly File[]; leftOut: number }
  | { type: "stage"; number: number; stage: Stage }
  | { type: "hashed"; number: number; result: PictureFingerprints }
  | { type: "failed"; number: number; problem: ProblemCode }
  | { type: "again"; number: number }
  | { type: "removed"; number: number }
  | { type: "cleared" }
  | { type: "revealed"; revealed: boolean }
  | { type: "parts"; parts: boolean }
  | { type: "sending" }
  | { type: "obstacle"; obstacle: Obstacle | null }
  | { type: "arrived"; receipt: Receipt };

export const INITIAL: State = {
  step: "welcome",
  engine: "loading",
  pictures: [],
  chosen: 0,
  leftOut: 0,
  tooMany: false,
  revealed: false,
  parts: true,
  obstacle: null,
  receipt: null,
  sent: [],
};

export function next(state: State, happening: Happening): State {
  switch (happening.type) {
    case "engine":
      return { ...state, engine: happening.engine };
    case "revealed":
      return { ...state, revealed: happening.revealed };
    case "parts":
      // what is on its way is what was shown
      return state.step === "review" ? { ...state, parts: happening.parts } : state;
    case "go":
      return mayGo(state, happening.step)
        ? { ...state, step: happening.step, leftOut: 0, tooMany: false, obstacle: null }
        : state;
    case "sending":
      return state.step === "review"
        ? {
            ...state,
            step: "sending",
            obstacle: null,
            sent: sendable(state).map((each) => each.number),
          }
        : state;
    case "obstacle":
      return state.step === "sending" ? { ...state, obstacle: happening.obstacle } : state;
    case "arrived":
      // nothing of the pictures is needed any more
      return state.step === "sending"
        ? { ...state, step: "done", pictures: [], obstacle: null, receipt: happening.receipt }
        : state;
    default:
      return state.step === "choose" ? { ...state, ...ofPictures(state, happening) } : state;
  }
}

type OfPictures = Extract<
  Happening,
  { type: "chosen" | "stage" | "hashed" | "failed" | "again" | "removed" | "cleared" }
>;

function ofPictures(state: State, happening: OfPictures): Partial<State> {
  const { pictures } = state;
  switch (happening.type) {
    case "chosen": {
      const taken = happening.files.slice(0, MOST_PICTURES - pictures.length);
      return {
        pictures: [
          ...pictures,
          ...taken.map((file, index) => ({
            number: state.chosen + index + 1,
            file,
            stage: "waiting" as const,
          })),
        ],
        chosen: state.chosen + taken.length,
        leftOut: happening.leftOut,
        tooMany: taken.length < happening.files.length,
      };
    }
    case "removed":
      return { pictures: pictures.filter((each) => each.number !== happening.number) };
    case "cleared":
      return { pictures: [], leftOut: 0, tooMany: false };
    case "stage":
      return changed(pictures, happening.number, { stage: happening.stage });
    case "hashed":
      return changed(pictures, happening.number, { stage: "ready", result: happening.result });
    case "failed":
      return changed(pictures, happening.number, { stage: "failed", problem: happening.problem });
    case "again":
      return changed(pictures, happening.number, { stage: "waiting" });
  }
}

/** The others stay the same objects, so that only what changed is drawn anew. */
function changed(
  pictures: readonly Picture[],
  number: number,
  change: Pick<Picture, "stage" | "result" | "problem">,
): Partial<State> {
  return {
    pictures: pictures.map((each) =>
      each.number === number ? { number, file: each.file, ...change } : each,
    ),
  };
}

/**
 * While something is on its way nobody goes anywhere: it may have arrived, and sending other
 * pictures then would make a second case. A refusal is certain, and frees the way.
 */
function mayGo(state: State, step: Step): boolean {
  if (state.step === "done") return false;
  if (state.step === "sending") return state.obstacle?.final === true && step !== "welcome";
  return step !== "review" || (isFinished(state) && sendable(state).length > 0);
}

/** Whether no picture is waiting or being worked on. */
export function isFinished(state: State): boolean {
  return state.pictures.every((each) => each.stage === "ready" || each.stage === "failed");
}

/**
 * The pictures that are the same as an earlier one, each with the number of that one. Parts are not
 * asked: pictures that are the same as a whole are, whether or not parts are sent.
 */
export function repeats(pictures: readonly Picture[]): Map<number, number> {
  const first = new Map<string, number>();
  const found = new Map<number, number>();
  for (const { number, result } of pictures) {
    if (result === undefined) continue;
    const key = result.fingerprints
      .filter((each) => each.kind !== "parts")
      .map((each) => `${each.kind}${each.hasher}${each.hash}`)
      .join();
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, number);
    else found.set(number, earlier);
  }
  return found;
}

/** The pictures whose fingerprints are sent: those that have some, each once. */
export function sendable(state: State): (Picture & { result: PictureFingerprints })[] {
  const twice = repeats(state.pictures);
  return state.pictures.filter(
    (each): each is Picture & { result: PictureFingerprints } =>
      each.result !== undefined && !twice.has(each.number),
  );
}

/** Whether copies of it may be missed for want of details. */
export function isWeak(result: PictureFingerprints): boolean {
  const quality = result.fingerprints[0]?.quality ?? null;
  return quality !== null && quality < GOOD_QUALITY;
}
