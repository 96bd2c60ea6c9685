import assert from "node:assert/strict";
import { test } from "node:test";
import { orientationOf } from "../src/exif.ts";

function exif({
  little = false,
  prefix = false,
  tag = 0x0112,
  kind = 3,
  count = 1,
  value = 6,
} = {}) {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint32(0, little ? 0x49492a00 : 0x4d4d002a);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, tag, little);
  view.setUint16(12, kind, little);
  view.setUint32(14, count, little);
  if (kind === 4) view.setUint32(18, value, little);
  else view.setUint16(18, value, little);
  const bytes = new Uint8Array(view.buffer);
  return prefix ? Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0, ...bytes) : bytes;
}

test("both byte orders, with and without the prefix, short and long", () => {
  for (const little of [false, true])
    for (const prefix of [false, true])
      for (const kind of [3, 4])
        for (let value = 1; value <= 8; value++)
          assert.equal(orientationOf(exif({ little, prefix, kind, value })), value);
});

test("what makes no sense is upright", () => {
  for (const odd of [{ value: 0 }, { value: 9 }, { tag: 0x0110 }, { kind: 2 }, { count: 2 }])
    assert.equal(orientationOf(exif(odd)), 1);
  const whole = exif();
  for (let length = 0; length < 20; length++)
    assert.equal(orientationOf(whole.slice(0, length)), 1);
  const far = exif();
  new DataView(far.buffer).setUint32(4, 0xffffffff);
  assert.equal(orientationOf(far), 1);
});
