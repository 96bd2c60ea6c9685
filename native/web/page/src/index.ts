/** The page on which pictures become fingerprints: joins the state, the worker and the steps. */

import { Delivery } from "./delivery.ts";
import { byId, setText } from "./dom.ts";
import { frame } from "./frame.ts";
import { Hashing } from "./hashing.ts";
import { receive } from "./intake.ts";
import { sendable, type State } from "./state.ts";
import { Store } from "./store.ts";
import { bodyOf } from "./submission.ts";
import { chooseView } from "./views/choose.ts";
import { doneView } from "./views/done.ts";
import { reviewView } from "./views/review.ts";
import { sendingView } from "./views/sending.ts";
import { lostView, refusedView } from "./views/stopped.ts";
import type { Actions, MakeView, View } from "./views/view.ts";

const STEPS = ["choose", "review", "done"];
const VIEWS = {
  choose: chooseView,
  review: reviewView,
  sending: sendingView,
  done: doneView,
  refused: refusedView,
  lost: lostView,
} satisfies Record<string, MakeView>;
type ViewName = keyof typeof VIEWS | "welcome";

const store = new Store();
const content = byId("content");
const hashing = new Hashing(store, content.dataset.client ?? "/client/");
const words = frame(() => {
  hashing.close();
  delivery?.end();
});
const announcer = byId("announcer");
const connection = byId("connection");
const stepNumber = byId("step");
const welcome: View = { element: byId("welcome"), update() {} };
const made = new Map<ViewName, View>([["welcome", welcome]]);
let delivery: Delivery | null = null;
let secondsLeft = 0;
let shown: ViewName = "welcome";

const actions: Actions = {
  go(step) {
    store.tell({ type: "go", step });
    void hashing.complete();
  },
  choose(files, leftOut) {
    if (store.state.step === "welcome") actions.go("choose");
    store.tell({ type: "chosen", files, leftOut });
    void hashing.work();
  },
  again(number) {
    store.tell({ type: "again", number });
    void hashing.work();
  },
  remove(number) {
    store.tell({ type: "removed", number });
    hashing.tidy();
  },
  clear() {
    store.tell({ type: "cleared" });
    hashing.tidy();
  },
  stop: (number) => hashing.stop(number),
  reveal: (revealed) => store.tell({ type: "revealed", revealed }),
  withParts: (parts) => store.tell({ type: "parts", parts }),
  send,
  tryNow: () => delivery?.tryNow(),
  get secondsLeft() {
    return secondsLeft;
  },
  finish: () => location.replace(`/case?lang=${words.language}`),
  announce: (text) => setText(announcer, text),
};

function send(): void {
  const { state } = store;
  const results = sendable(state).map((each) => each.result);
  const body = JSON.stringify(bodyOf(results, state.parts));
  store.tell({ type: "sending" });
  delivery = new Delivery(body, {
    trying() {
      secondsLeft = 0;
      drawNow();
    },
    postponed(obstacle, seconds) {
      secondsLeft = seconds;
      store.tell({ type: "obstacle", obstacle });
      drawNow();
    },
    refused: (obstacle) => store.tell({ type: "obstacle", obstacle }),
    arrived: (receipt) => store.tell({ type: "arrived", receipt }),
  });
  void delivery.run();
}

function nameOf({ engine, step }: State): ViewName {
  if (step === "sending" || step === "done") return step;
  return engine === "refused" || engine === "lost" ? engine : step;
}

function draw(state: State): void {
  const name = nameOf(state);
  let view = made.get(name);
  view ??= VIEWS[name as keyof typeof VIEWS](words, actions);
  view.update(state);
  sayConnection(state);
  document.body.dataset.view = name;
  if (name === shown) return;
  shown = name;
  // the list of pictures and the message are no longer needed by anyone
  if (name === "done") made.clear();
  made.set(name, view);
  const number = STEPS.indexOf(name === "sending" ? "review" : name) + 1;
  setText(stepNumber, number > 0 ? words.say("site.step", { number, total: STEPS.length }) : "");
  content.replaceChildren(view.element);
  scrollTo(0, 0);
  view.element.querySelector("h1")?.focus({ preventScroll: true });
}

const drawNow = () => draw(store.state);

/** What is loaded is told to those who have begun; before, there is little to wait for. */
function sayConnection({ engine, step }: State): void {
  const complete = navigator.onLine ? "ready" : "offline";
  const key = engine === "complete" ? complete : engine === "ready" ? "partly" : "loading";
  connection.dataset.state = key;
  connection.hidden = step === "welcome";
  setText(connection, words.say(`engine.${key}`));
}

byId("begin").addEventListener("click", () => actions.go("choose"));
receive(
  ({ files, leftOut }) => {
    if (files.length + leftOut > 0) actions.choose(files, leftOut);
  },
  (on) => document.body.toggleAttribute("data-dropping", on),
);
window.addEventListener("online", () => {
  delivery?.tryNow();
  void hashing.complete();
  drawNow();
});
window.addEventListener("offline", drawNow);
store.drawWith(draw);
void hashing.start();
