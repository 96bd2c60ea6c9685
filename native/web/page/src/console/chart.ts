/** Bars as SVG of our own: as wide as there is room, and the same numbers as a table below. */

import { make } from "../dom.ts";
import { table } from "./parts.ts";
import type { ConsoleWords } from "./words.ts";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 150; // px of the tallest bar; the labels are below
const CLASSES = ["first", "second"] as const;

export interface Chart {
  readonly title: string;
  /** What a bar stands for: an hour, a day. */
  readonly step: string;
  /** One name for each value of a point, two at most. */
  readonly series: readonly string[];
  readonly points: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** How many points there are from one label to the next. */
  readonly every: number;
}

export function chart(drawn: Chart, words: ConsoleWords): HTMLElement {
  const { title, step, series, points } = drawn;
  const summary = make("summary", {}, words.say("chart.table"));
  const numbers = table(
    title,
    [
      { head: step, cell: (point: Chart["points"][number]) => point.label },
      ...series.map((head, at) => ({
        head,
        cell: (point: Chart["points"][number]) => words.number(point.values[at] ?? 0),
        isNumber: true,
      })),
    ],
    points,
  );
  return make(
    "figure",
    { class: "card" },
    make("figcaption", {}, title),
    series.length > 1 &&
      make(
        "p",
        { class: "legend" },
        ...series.map((name, at) => make("span", { class: CLASSES[at] ?? "" }, name)),
      ),
    bars(drawn, words),
    make("details", {}, summary, numbers),
  );
}

function bars({ title, series, points, every }: Chart, words: ConsoleWords): SVGSVGElement {
  const tallest = Math.max(0, ...points.flatMap((each) => each.values));
  const top = roundUp(tallest);
  const svg = shape("svg", { class: "plot", role: "img", "aria-label": title }) as SVGSVGElement;
  const room = 100 / points.length;
  const width = (room * 0.8) / series.length;
  for (const part of [0, 0.5, 1]) {
    const y = HEIGHT * (1 - part) + 12;
    svg.append(shape("line", { x1: "0", x2: "100%", y1: y, y2: y }));
    if (top === 0 ? part === 0 : part > 0 && Number.isInteger(top * part)) {
      svg.append(shape("text", { x: "0", y: y - 3 }, words.number(top * part)));
    }
  }
  points.forEach((point, at) => {
    point.values.forEach((value, which) => {
      const height = top === 0 ? 0 : (HEIGHT * value) / top;
      const bar = shape("rect", {
        class: CLASSES[which] ?? "",
        x: `${at * room + room * 0.1 + which * width}%`,
        y: HEIGHT + 12 - height,
        width: `${width}%`,
        height,
      });
      if (value) {
        const said = `${point.label}: ${words.number(value)} ${series[which] ?? ""}`;
        bar.append(shape("title", {}, said));
        svg.append(bar);
      }
    });
    // the last ones have no room to their right
    if (at % every === 0 && at + every / 2 <= points.length) {
      svg.append(shape("text", { x: `${at * room}%`, y: HEIGHT + 30 }, point.label));
    }
  });
  return svg;
}

/** A round number at or above another: 1, 2 or 5 of some power of ten, and even halves. */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

function shape(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}
