/** A document's words in the language that it was served in. */

import type messages from "../messages/en.json";

type Messages = typeof messages;
type Keys<All, Kind> = {
  [Section in keyof All & string]: {
    [Name in keyof All[Section] & string]: All[Section][Name] extends Kind
      ? `${Section}.${Name}`
      : never;
  }[keyof All[Section] & string];
}[keyof All & string];

/** A message that is one sentence. */
export type Key<All = Messages> = Keys<All, string>;
/** A message that has a form for one, and others for more. */
export type CountedKey<All = Messages> = Keys<All, object>;

export type Values = Readonly<Record<string, string | number>>;
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
export type Sections = Readonly<Record<string, Readonly<Record<string, string | Forms>>>>;

/** @typeParam All - the messages of the document, as their file has them. */
export class Words<All = Messages> {
  readonly language: string;
  readonly #messages: Sections;
  readonly #rules: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;

  constructor(language: string, messages: Sections) {
    this.language = language;
    this.#messages = messages;
    this.#rules = new Intl.PluralRules(language);
    this.#numbers = new Intl.NumberFormat(language);
  }

  /** The words that the server put into the document. */
  static ofDocument<All = Messages>(): Words<All> {
    const block = document.getElementById("messages")?.textContent ?? "{}";
    return new Words<All>(document.documentElement.lang, JSON.parse(block));
  }

  say(key: Key<All>, values: Values = {}): string {
    const found = this.#find(key);
    return this.#fill(typeof found === "string" ? found : key, values);
  }

  /** The message's form for so many; `{count}` in it stands for how many. */
  count(key: CountedKey<All>, count: number, values: Values = {}): string {
    const forms = this.#find(key);
    const form =
      typeof forms === "object" ? (forms[this.#rules.select(count)] ?? forms.other) : undefined;
    return this.#fill(form ?? key, { ...values, count });
  }

  /** A point in time, to the hour at most: the service knows no more. */
  date(date: Date): string {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "long" }).format(date);
  }

  number(value: number): string {
    return this.#numbers.format(value);
  }

  #find(key: string): string | Forms | undefined {
    const [section = "", name = ""] = key.split(".");
    return this.#messages[section]?.[name];
  }

  #fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? this.#numbers.format(value) : value;
    });
  }
}
