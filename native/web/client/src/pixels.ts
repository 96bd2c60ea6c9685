/** The pixel rule: what a decoder gives becomes upright gray or RGB, alpha on white, 8 bit.
 *
 * The same as the library's: a sample c of opacity a on white is
 * 255 - floor((a * (255 - c) + 127) / 255); the EXIF orientation 1 to 8 is applied.
 */

/** Decoded samples in stored orientation, rows without gaps; 4 channels are RGB and alpha. */
export interface Samples {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
}

/** Whether an orientation exchanges width and height. */
export function lies(orientation: number): boolean {
  return orientation >= 5;
}

/** One sample on white. */
export function onWhite(sample: number, alpha: number): number {
  return alpha === 255 ? sample : 255 - (((alpha * (255 - sample) + 127) / 255) | 0);
}

/** The channels that `writeUpright` writes. */
export function flatChannels(samples: Samples): 1 | 3 {
  return samples.channels === 1 ? 1 : 3;
}

/** Pixels a side that are turned at a time, so that both sides of the copy stay in the cache. */
const BLOCK = 32;

/** Write upright gray or RGB to `out`, which holds width * height * flatChannels bytes. */
export function writeUpright(samples: Samples, orientation: number, out: Uint8Array): void {
  const { data, width, height, channels } = samples;
  if (orientation === 1 && channels !== 4) {
    out.set(data);
    return;
  }
  const flat = flatChannels(samples);
  const run = RUNS[channels];
  const { start, across, down } = steps(width, height, orientation);
  const block = lies(orientation) ? BLOCK : Math.max(width, height);
  for (let top = 0; top < height; top += block)
    for (let left = 0; left < width; left += block) {
      const count = Math.min(block, width - left);
      const bottom = Math.min(top + block, height);
      for (let y = top; y < bottom; y++)
        run(
          data,
          (y * width + left) * channels,
          out,
          (start + y * down + left * across) * flat,
          across * flat,
          count,
        );
    }
}

/** Copies pixels that lie side by side in `data` to places a `step` apart in `out`. */
type Run = (
  data: Uint8Array | Uint8ClampedArray,
  from: number,
  out: Uint8Array,
  to: number,
  step: number,
  count: number,
) => void;

const RUNS: Readonly<Record<Samples["channels"], Run>> = {
  1(data, from, out, to, step, count) {
    for (let x = 0; x < count; x++, to += step) out[to] = data[from + x]!;
  },
  3(data, from, out, to, step, count) {
    for (let x = 0; x < count; x++, from += 3, to += step) {
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
    }
  },
  4(data, from, out, to, step, count) {
    for (let x = 0; x < count; x++, from += 4, to += step) {
      const alpha = data[from + 3]!;
      if (alpha === 255) {
        out[to] = data[from]!;
        out[to + 1] = data[from + 1]!;
        out[to + 2] = data[from + 2]!;
      } else {
        out[to] = onWhite(data[from]!, alpha);
        out[to + 1] = onWhite(data[from + 1]!, alpha);
        out[to + 2] = onWhite(data[from + 2]!, alpha);
      }
    }
  },
};

/** Where stored pixel (0, 0) goes in the upright picture, and how far a step across or down does. */
function steps(width: number, height: number, orientation: number) {
  const last = width * height - 1;
  switch (orientation) {
    case 2:
      return { start: width - 1, across: -1, down: width };
    case 3:
      return { start: last, across: -1, down: -width };
    case 4:
      return { start: last - width + 1, across: 1, down: -width };
    case 5:
      return { start: 0, across: height, down: 1 };
    case 6:
      return { start: height - 1, across: height, down: -1 };
    case 7:
      return { start: last, across: -height, down: -1 };
    case 8:
      return { start: last - height + 1, across: -height, down: 1 };
    default:
      return { start: 0, across: 1, down: width };
  }
}
