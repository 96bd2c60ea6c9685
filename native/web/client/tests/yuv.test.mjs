import assert from "node:assert/strict";
import { test } from "node:test";
import { toRgb } from "../src/yuv.ts";

/** A frame of one colour. */
function frame(sampling, full, matrix, [y, u, v], [width, height] = [17, 16]) {
  const plane = (value) => ({ data: new Uint8Array(width * height).fill(value), stride: width });
  return {
    width, height, depth: 8, sampling, full, matrix,
    y: plane(y), u: plane(u), v: plane(v), alpha: undefined,
  }; // prettier-ignore
}

test("flat colours are what the standards say, within rounding, whatever the sampling", () => {
  for (const sampling of ["4:4:4", "4:2:2", "4:2:0"])
    for (const [full, [y, u, v], expected] of [
      [true, [0, 128, 128], [0, 0, 0]],
      [true, [255, 128, 128], [255, 255, 255]],
      [false, [16, 128, 128], [0, 0, 0]],
      [false, [235, 128, 128], [255, 255, 255]],
      [true, [76, 85, 255], [254, 0, 0]],
      [true, [150, 44, 21], [0, 255, 1]],
    ]) {
      const { data, channels } = toRgb(frame(sampling, full, 6, [y, u, v]));
      for (let at = 0; at < data.length; at++)
        assert.ok(Math.abs(data[at] - expected[at % channels]) <= 2, `${sampling} ${data[at]}`);
    }
});

test("chroma between samples lies between their values", () => {
  const planes = frame("4:2:0", true, 6, [128, 128, 128], [18, 18]);
  planes.u.data.forEach((_, at, all) => (all[at] = 20 + ((at * 37) % 200)));
  const { data } = toRgb(planes);
  const blue = Array.from({ length: 18 * 18 }, (_, pixel) => data[3 * pixel + 2]);
  assert.ok(new Set(blue).size > 20);
});

test("of 10 and 12 bits, the upper 8 count", () => {
  const shallow = frame("4:2:0", false, 1, [150, 44, 21]);
  for (const depth of [10, 12]) {
    const planes = { ...shallow, depth };
    for (const name of ["y", "u", "v"])
      planes[name] = {
        ...shallow[name],
        data: Uint16Array.from(
          shallow[name].data,
          (value, at) => (value << (depth - 8)) + (at % 4),
        ),
      };
    assert.deepEqual(toRgb(planes), toRgb(shallow));
  }
});

test("a matrix that is not known, gray and RGB give nothing", () => {
  assert.equal(toRgb(frame("4:4:4", true, 3, [1, 2, 3])), undefined);
  assert.equal(toRgb(frame("4:4:4", true, 0, [1, 2, 3])), undefined);
  assert.equal(toRgb(frame("4:0:0", true, 6, [1, 2, 3])), undefined);
});
