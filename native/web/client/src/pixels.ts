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

/** Blocks of pixels that are turned at a time, so that both sides of the copy stay in the cache. */
const BLOCK = 32;

/** Write upright gray or RGB to `out`, which holds width * height * flatChannels bytes. */
export function writeUpright(samples: Samples, orientation: number, out: Uint8Array): void {
  const { data, width, height, channels } = samples;
  if (orientation === 1 && channels !== 4) {
    out.set(data);
    return;
  }
  if (orientation === 1) {
    const count = width * height;
    for (let pixel = 0, from = 0, to = 0; pixel < count; pixel++, from += 4, to += 3) {
      const alpha = data[from + 3]!;
      out[to] = onWhite(data[from]!, alpha);
      out[to + 1] = onWhite(data[from + 1]!, alpha);
      out[to + 2] = onWhite(data[from + 2]!, alpha);
    }
    return;
  }
  const flat = flatChannels(samples);
  const { start, across, down } = steps(width, height, orientation);
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, height);
    for (let left = 0; left < width; left += BLOCK) {
      const right = Math.min(left + BLOCK, width);
      for (let y = top; y < bottom; y++) {
        let from = (y * width + left) * channels;
        let to = (start + y * down + left * across) * flat;
        const step = across * flat;
        for (let x = left; x < right; x++, from += channels, to += step) {
          if (flat === 1) {
            out[to] = data[from]!;
            continue;
          }
          const alpha = channels === 4 ? data[from + 3]! : 255;
          out[to] = onWhite(data[from]!, alpha);
          out[to + 1] = onWhite(data[from + 1]!, alpha);
          out[to + 2] = onWhite(data[from + 2]!, alpha);
        }
      }
    }
  }
}

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
