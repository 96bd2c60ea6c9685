/** One chosen picture in the list: what it is, how far it is, and what can be done with it. */

import { make, setText } from "../dom.ts";
import { isWeak, type Picture } from "../state.ts";
import type { Key, Words } from "../words.ts";
import type { Actions } from "./view.ts";

type Tone = "waiting" | "busy" | "good" | "note" | "bad";

/** Problems that another try may be spared. */
const MAY_SUCCEED = new Set<string | undefined>(["worker_lost", "not_loaded", "cancelled"]);

export class PictureRow {
  readonly element: HTMLLIElement;
  readonly canvas = make("canvas", { width: 0, height: 0, "aria-hidden": "true" });
  readonly #words: Words;
  readonly #name: HTMLElement;
  readonly #status: HTMLElement;
  readonly #again: HTMLButtonElement;
  readonly #end: HTMLButtonElement;
  #picture: Picture;
  #drawn = "";

  constructor(words: Words, actions: Actions, picture: Picture) {
    this.#words = words;
    this.#picture = picture;
    const { number } = picture;
    this.#name = make("bdi", { class: "file", hidden: true });
    this.#status = make("p", { class: "status" });
    this.#again = make(
      "button",
      {
        type: "button",
        class: "quiet",
        hidden: true,
        "aria-label": words.say("choose.again_picture", { number }),
        click: () => actions.again(number),
      },
      words.say("choose.again"),
    );
    this.#end = make("button", {
      type: "button",
      class: "quiet",
      click: () => (this.#isUnderWay() ? actions.stop(number) : actions.remove(number)),
    });
    this.element = make(
      "li",
      { class: "picture", "data-number": number },
      make("span", { class: "tile" }, this.canvas),
      make(
        "div",
        { class: "about" },
        make("p", { class: "name" }, words.say("choose.picture", { number }), " ", this.#name),
        this.#status,
      ),
      make("div", { class: "deeds" }, this.#again, this.#end),
    );
  }

  /** Draw what changed. */
  update(picture: Picture, sameAs: number | undefined, revealed: boolean): void {
    if (this.#name.hidden === revealed) {
      this.#name.hidden = !revealed;
      setText(this.#name, revealed ? picture.file.name : "");
    }
    const key = `${picture.stage} ${picture.problem ?? ""} ${sameAs ?? ""}`;
    this.#picture = picture;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const { number } = picture;
    const { text, tone } = this.#say(picture, sameAs);
    setText(this.#status, text);
    this.element.dataset.tone = tone;
    this.#again.hidden = !MAY_SUCCEED.has(picture.problem);
    const under = this.#isUnderWay();
    setText(this.#end, this.#words.say(under ? "choose.stop" : "choose.remove"));
    const label: Key = under ? "choose.stop_picture" : "choose.remove_picture";
    this.#end.setAttribute("aria-label", this.#words.say(label, { number }));
  }

  #isUnderWay(): boolean {
    return this.#picture.stage !== "ready" && this.#picture.stage !== "failed";
  }

  #say(picture: Picture, sameAs: number | undefined): { text: string; tone: Tone } {
    const say = (key: Key, tone: Tone) => ({
      text: this.#words.say(key, { number: sameAs ?? picture.number }),
      tone,
    });
    const { stage, problem, result } = picture;
    if (stage === "failed") return say(`problem.${problem ?? "worker_lost"}`, "bad");
    if (stage !== "ready") return say(`choose.${stage}`, stage === "waiting" ? "waiting" : "busy");
    if (sameAs !== undefined) return say("choose.same", "note");
    if (result && isWeak(result)) return say("choose.weak", "note");
    if (result?.exact === false) return say("choose.similar", "note");
    return say("choose.ready", "good");
  }
}
