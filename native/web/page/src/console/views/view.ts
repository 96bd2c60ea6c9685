/** What every view is given, and what it gives. */

import type { Child } from "../../dom.ts";
import type { Session } from "../session.ts";
import type { ConsoleWords } from "../words.ts";

export interface Context {
  readonly words: ConsoleWords;
  readonly session: Session;
  /** Say something to who hears the page; it is not seen. */
  readonly announce: (text: string) => void;
  /** Do something that may fail; what is wrong is shown, and the session ended where it is over. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** Read the view anew. */
  readonly again: () => Promise<void>;
}

/** Reads what it shows, and makes it. */
export type View = (context: Context) => Promise<Child[]>;
