/** The console's words, and how it writes times. */

import type messages from "../../console.json";
import { make } from "../dom.ts";
import { Words, type Key } from "../words.ts";

type Messages = typeof messages;
export type ConsoleWords = Words<Messages>;
export type ConsoleKey = Key<Messages>;

export function wordsOfDocument(): ConsoleWords {
  return Words.ofDocument<Messages>();
}

const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const HOUR = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
// days are counted in UTC, and a day of another zone would be its neighbour
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** A time in the reader's own zone; a dash where there is none. */
export function moment(text: string | null, words: ConsoleWords): HTMLElement {
  if (text === null) return make("span", {}, words.say("site.none"));
  return make("time", { datetime: text }, MOMENT.format(new Date(text)));
}

export const timeNow = (): string => TIME.format(new Date());
export const hourOf = (text: string): string => HOUR.format(new Date(text));
export const dayOf = (text: string): string => DAY.format(new Date(text));
