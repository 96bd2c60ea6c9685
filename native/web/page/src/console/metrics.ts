/** Metrics in Prometheus's text format, as far as the service writes it. */

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export class Metrics {
  readonly #samples: readonly Sample[];

  constructor(text: string) {
    this.#samples = text.split("\n").flatMap((line) => sampleFrom(line));
  }

  /** The sum over all labels, or over those that fit. */
  sum(name: string, fits: (labels: Sample["labels"]) => boolean = () => true): number {
    return this.#samples
      .filter((each) => each.name === `hashmatch_${name}` && fits(each.labels))
      .reduce((sum, each) => sum + each.value, 0);
  }

  /** How many are in each bucket of a histogram, by the bucket's upper bound. */
  histogram(name: string): { bound: number; count: number }[] {
    const upTo = new Map<number, number>();
    for (const { name: found, labels, value } of this.#samples) {
      if (found !== `hashmatch_${name}_bucket`) continue;
      const bound = labels.le === "+Inf" ? Infinity : Number(labels.le);
      upTo.set(bound, (upTo.get(bound) ?? 0) + value);
    }
    const bounds = [...upTo.keys()].sort((one, other) => one - other);
    return bounds.map((bound, at) => ({
      bound,
      count: (upTo.get(bound) ?? 0) - (upTo.get(bounds[at - 1] ?? Number.NaN) ?? 0),
    }));
  }
}

function sampleFrom(line: string): Sample[] {
  const [, name, labelled, value] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
  if (name === undefined || value === undefined) return [];
  const pairs = (labelled ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  const labels = Object.fromEntries([...pairs].map(([, key, text]) => [key, text]));
  return [{ name, labels, value: Number(value) }];
}
