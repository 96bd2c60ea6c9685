import assert from "node:assert/strict";
import { test } from "node:test";
import { sniff } from "../src/formats/sniff.ts";

const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const ftyp = (...brands) =>
  bytes(
    `\0\0\0${String.fromCharCode(8 + 4 * (brands.length + 1))}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join("")}`,
  );

const FORMATS = {
  jpeg: bytes("\xff\xd8\xff\xe0"),
  png: bytes("\x89PNG\r\n\x1a\n"),
  gif: bytes("GIF89a"),
  webp: bytes("RIFF\n\n\n\nWEBPVP8X"),
  bmp: bytes("BM\n\n\n\n\0\0\0\0\x36\0\0\0\x28\0\0\0"),
  avif: ftyp("avif", "mif1"),
  heic: ftyp("mif1", "heic"),
};

test("formats by their first bytes", () => {
  for (const [format, head] of Object.entries(FORMATS)) assert.equal(sniff(head), format);
});

test("what is known is refused by name, what is not is no picture", () => {
  const code = (head) => {
    try {
      return sniff(head);
    } catch (problem) {
      return problem.code;
    }
  };
  for (const head of ["II*\0\x08\0\0\0", "8BPS", "<svg", "\xff\x0a"])
    assert.equal(code(bytes(head)), "unsupported");
  for (const head of ["", "%PDF-1.7", "hello", "RIFF\n\n\n\nAVI "])
    assert.equal(code(bytes(head)), "not_a_picture");
  assert.equal(code(ftyp("isom", "mp42")), "not_a_picture");
  assert.equal(code(ftyp("mif1", "jpeg")), "unsupported");
});
