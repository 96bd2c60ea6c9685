/** Whether the service is ready, how far the feed has been taken, and how the exchanges are. */

import { make, type Child } from "../../dom.ts";
import type { Exchange, Readiness } from "../answers.ts";
import { chart } from "../chart.ts";
import { Metrics } from "../metrics.ts";
import { figures, section, table } from "../parts.ts";
import { probe, probeText } from "../session.ts";
import { moment, type ConsoleWords } from "../words.ts";
import type { View } from "./view.ts";

export const health: View = async ({ words, session }) => {
  const [ready, text, { exchanges }] = await Promise.all([
    probe<Readiness>("/readyz"),
    probeText("/metrics"),
    session.get<{ exchanges: readonly Exchange[] }>("/v1/exchanges"),
  ]);
  const metrics = new Metrics(text);
  return [
    service(ready, metrics, words),
    make(
      "div",
      { class: "side-by-side" },
      plot(metrics, "match_distance", words.say("health.distance_plot"), words, "distance"),
      plot(metrics, "upload_quality", words.say("health.quality_plot"), words, "quality"),
    ),
    section(words.say("health.exchanges"), exchangesOf(exchanges, words)),
  ];
};

function service(ready: Readiness, metrics: Metrics, words: ConsoleWords): HTMLElement {
  const { state, age_seconds: age, sequence, processes } = ready;
  const none = words.say("site.none");
  // that it is not ready is what a probe is for
  const isFailure = ({ status, route }: Readonly<Record<string, string>>) =>
    status?.startsWith("5") === true && route !== "/readyz";
  const failed = metrics.sum("requests_total", isFailure);
  const lost = metrics.sum("decoders_lost_total");
  const number = (value: number) => words.number(value);
  return figures(
    [words.say("health.state"), words.say(`health.${state}`), state === "ready" ? "plain" : "bad"],
    [
      words.say("health.age"),
      age === null ? none : words.say("health.ago", { seconds: Math.round(age) }),
    ],
    [words.say("health.sequence"), sequence === null ? none : number(sequence)],
    [words.say("health.lag"), number(metrics.sum("feed_lag_changes"))],
    [words.say("health.processes"), number(processes)],
    [words.say("health.uploads"), number(metrics.sum("uploads_in_progress"))],
    [words.say("health.requests"), number(metrics.sum("requests_total"))],
    [words.say("health.failed"), number(failed), failed ? "bad" : "plain"],
    [words.say("health.lost"), number(lost), lost ? "bad" : "plain"],
  );
}

function plot(
  metrics: Metrics,
  name: string,
  title: string,
  words: ConsoleWords,
  of: "distance" | "quality",
): HTMLElement {
  const buckets = metrics.histogram(name).filter(({ bound }) => Number.isFinite(bound));
  const points = buckets.map(({ bound, count }, at) => {
    const least = at === 0 ? 0 : (buckets[at - 1]?.bound ?? 0) + 1;
    return { label: least === bound ? `${bound}` : `${least}–${bound}`, values: [count] };
  });
  const series = [words.say(of === "distance" ? "health.matches" : "health.uploads_count")];
  return chart({ title, step: words.say(`health.${of}`), series, points, every: 3 }, words);
}

function exchangesOf(exchanges: readonly Exchange[], words: ConsoleWords): Child {
  if (exchanges.length === 0) return make("p", {}, words.say("health.no_exchanges"));
  const none = words.say("site.none");
  return table(
    words.say("health.exchanges"),
    [
      { head: words.say("health.exchange"), cell: (each: Exchange) => each.name },
      { head: words.say("health.kind"), cell: (each) => each.kind },
      { head: words.say("health.list"), cell: (each) => each.list },
      {
        head: words.say("health.entries"),
        cell: (each) => words.number(each.entries),
        isNumber: true,
      },
      { head: words.say("health.completed"), cell: (each) => moment(each.completed, words) },
      { head: words.say("health.fetched"), cell: (each) => moment(each.fetched, words) },
      {
        head: words.say("health.rejected"),
        cell: (each) => words.number(each.rejected),
        isNumber: true,
      },
      {
        head: words.say("health.failure"),
        cell: (each) => each.failure?.replaceAll("_", " ") ?? none,
        isBad: (each) => each.failure !== null,
      },
    ],
    exchanges,
  );
}
