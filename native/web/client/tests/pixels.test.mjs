import assert from "node:assert/strict";
import { test } from "node:test";
import { onWhite, writeUpright } from "../src/pixels.ts";

/** Where a stored pixel goes, from the definition of each orientation. */
const PLACES = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, w, h) => [h - 1 - y, x],
  7: (x, y, w, h) => [h - 1 - y, w - 1 - x],
  8: (x, y, w) => [y, w - 1 - x],
};

function plainly({ data, width, height, channels }, orientation) {
  const across = orientation >= 5 ? height : width;
  const flat = channels === 1 ? 1 : 3;
  const out = new Uint8Array(width * height * flat);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = PLACES[orientation](x, y, width, height);
      const from = (y * width + x) * channels;
      const alpha = channels === 4 ? data[from + 3] : 255;
      for (let band = 0; band < flat; band++)
        out[(row * across + column) * flat + band] =
          255 - Math.floor((alpha * (255 - data[from + band]) + 127) / 255);
    }
  return out;
}

test("every orientation and number of channels, larger than a block", () => {
  const [width, height] = [71, 45];
  for (const channels of [1, 3, 4]) {
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * i) >> 3);
    for (let orientation = 1; orientation <= 8; orientation++) {
      const samples = { data, width, height, channels };
      const out = new Uint8Array(width * height * (channels === 1 ? 1 : 3));
      writeUpright(samples, orientation, out);
      assert.deepEqual(out, plainly(samples, orientation), `${channels}, ${orientation}`);
    }
  }
});

test("opacity goes from white to the sample itself", () => {
  for (let sample = 0; sample < 256; sample++) {
    assert.equal(onWhite(sample, 0), 255);
    assert.equal(onWhite(sample, 255), sample);
    for (let alpha = 0; alpha < 256; alpha++) {
      const exact = 255 - (alpha * (255 - sample)) / 255;
      assert.ok(Math.abs(onWhite(sample, alpha) - exact) <= 0.5);
    }
  }
});
