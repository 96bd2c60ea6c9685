/** The step in which pictures are chosen and become fingerprints. */

import { button, heading, make, setText } from "../dom.ts";
import { picturesAmong } from "../intake.ts";
import { Previews } from "../previews.ts";
import { isFinished, MOST_PICTURES, repeats, sendable, type State } from "../state.ts";
import { PictureRow } from "./picture_row.ts";
import type { MakeView } from "./view.ts";

/** Rows made in one go: more would keep the page from answering. */
const ROWS_AT_ONCE = 25;
const ANNOUNCE_EVERY_MS = 10_000;

export const chooseView: MakeView = (words, actions) => {
  const rows = new Map<number, PictureRow>();
  const previews = new Previews();
  let state: State | null = null;
  let more = false;
  let announced = { at: performance.now(), finished: true };

  const pictures = input({ accept: "image/*,.heic,.heif,.avif" }, false);
  const folder = input({ webkitdirectory: true }, true);
  const choosePictures = button(words.say("choose.pictures"), "primary", () => pictures.click());
  const chooseFolder = button(words.say("choose.folder"), "secondary", () => folder.click(), {
    class: "secondary only-desktop",
  });
  const notice = make("p", { class: "notice", role: "alert", hidden: true });
  const progressText = make("p", { class: "progress-text", id: "progress-text" });
  const progress = make("progress", { "aria-labelledby": "progress-text", max: 1, value: 0 });
  const problems = make("p", { class: "problems", hidden: true });
  const reveal = button("", "secondary", () => actions.reveal(!state?.revealed), {
    "aria-pressed": "false",
  });
  const end = button("", "secondary", () =>
    state && isFinished(state) ? actions.clear() : actions.stop(),
  );
  const list = make("ul", { class: "pictures", "aria-labelledby": "list-title" });
  const chosen = make(
    "section",
    { class: "chosen", "aria-labelledby": "list-title", hidden: true },
    make("h2", { id: "list-title" }, words.say("choose.list")),
    progressText,
    progress,
    problems,
    make("div", { class: "bar" }, reveal, end),
    list,
  );
  const back = button(words.say("choose.back"), "secondary", () => actions.go("welcome"));
  const onward = button(words.say("choose.next"), "primary", () => actions.go("review"));
  const element = make(
    "div",
    { class: "step" },
    heading(words.say("choose.title")),
    make("p", { class: "lead" }, words.say("choose.lead")),
    make(
      "div",
      { class: "drop" },
      choosePictures,
      chooseFolder,
      make("p", { class: "hint only-desktop" }, words.say("choose.drop")),
      pictures,
      folder,
    ),
    notice,
    chosen,
    make("div", { class: "actions" }, back, onward),
  );

  function input(attributes: Record<string, string | boolean>, strict: boolean): HTMLInputElement {
    const made: HTMLInputElement = make("input", {
      type: "file",
      multiple: true,
      hidden: true,
      ...attributes,
      change: () => {
        const { files, leftOut } = picturesAmong(made.files ?? [], strict);
        made.value = ""; // the same file can be chosen again
        actions.choose(files, leftOut);
      },
    });
    return made;
  }

  function update(now: State): void {
    state = now;
    const { pictures: all, revealed } = now;
    const finished = isFinished(now);
    chosen.hidden = all.length === 0;
    setText(choosePictures, words.say(all.length === 0 ? "choose.pictures" : "choose.more"));
    choosePictures.className = all.length === 0 ? "primary" : "secondary";
    // a disabled button cannot be found by those who do not see why: it is hidden instead
    onward.hidden = !finished || sendable(now).length === 0;
    setText(reveal, words.say(revealed ? "choose.hide" : "choose.show"));
    reveal.setAttribute("aria-pressed", String(revealed));
    setText(end, words.say(finished ? "choose.clear" : "choose.stop_all"));
    sayNotice(now);
    sayProgress(now, finished);
    drawRows(now);
    previews.reveal(
      revealed,
      [...rows.values()].map((row) => row.canvas),
    );
  }

  function sayNotice(now: State): void {
    const text = [
      now.tooMany && words.say("choose.too_many", { most: MOST_PICTURES }),
      now.leftOut > 0 && words.count("choose.left_out", now.leftOut),
      now.leftOut > 0 && now.pictures.length === 0 && words.say("choose.none"),
    ].filter((each) => each !== false);
    notice.hidden = text.length === 0;
    setText(notice, text.join(" "));
  }

  function sayProgress(now: State, finished: boolean): void {
    const done = now.pictures.filter((each) => each.stage === "ready" || each.stage === "failed");
    const failed = done.filter((each) => each.stage === "failed").length;
    const text = words.count("choose.progress", now.pictures.length, { done: done.length });
    setText(progressText, text);
    progress.max = Math.max(1, now.pictures.length);
    progress.value = done.length;
    progress.hidden = finished;
    problems.hidden = failed === 0;
    const trouble = failed > 0 ? words.count("choose.problems", failed) : "";
    setText(problems, trouble);
    // now and then, and at the end: a voice for every picture could not be listened to
    const due = performance.now() - announced.at > ANNOUNCE_EVERY_MS;
    if (
      now.pictures.length > 0 &&
      (finished !== announced.finished ? finished : due && !finished)
    ) {
      actions.announce(`${text}. ${trouble}`);
      announced.at = performance.now();
    }
    announced.finished = finished;
  }

  function drawRows(now: State): void {
    const twice = repeats(now.pictures);
    const numbers = new Set(now.pictures.map((each) => each.number));
    for (const [number, row] of rows) {
      if (!numbers.has(number)) drop(number, row);
    }
    let made = 0;
    for (const picture of now.pictures) {
      let row = rows.get(picture.number);
      if (row === undefined) {
        if (made === ROWS_AT_ONCE) {
          later();
          return;
        }
        made += 1;
        row = new PictureRow(words, actions, picture);
        rows.set(picture.number, row);
        list.append(row.element);
        previews.add(row.canvas, picture.file);
      }
      row.update(picture, twice.get(picture.number), now.revealed);
    }
  }

  function later(): void {
    if (more) return;
    more = true;
    setTimeout(() => {
      more = false;
      if (state) drawRows(state);
    });
  }

  /** Where the focus was in a row that goes, it moves to the next one. */
  function drop(number: number, row: PictureRow): void {
    const beside = row.element.nextElementSibling ?? row.element.previousElementSibling;
    const focused = row.element.contains(document.activeElement);
    previews.remove(row.canvas);
    row.element.remove();
    rows.delete(number);
    if (focused)
      (beside?.querySelector<HTMLElement>("button:last-of-type") ?? choosePictures).focus();
  }

  return { element, update };
};
