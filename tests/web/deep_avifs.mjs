// Prints AVIFs that no library for Python writes, by name, in base64: 10 and 12 bits, with every
// sampling of colours, with and without alpha. The argument is the folder of the packages.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(join(process.argv[2], "package.json"));
const path = resolve("@jsquash/avif/codec/enc/avif_enc.js");
const { default: factory } = await import(pathToFileURL(path).href);
const wasmBinary = await readFile(path.replace(/js$/, "wasm"));
const encoder = await factory({ wasmBinary, noInitialRun: true });

const [WIDTH, HEIGHT] = [131, 97];
const SAMPLINGS = ["400", "420", "422", "444"];
const OPTIONS = {
  quality: 80,
  qualityAlpha: 80,
  denoiseLevel: 0,
  tileRowsLog2: 0,
  tileColsLog2: 0,
  speed: 9,
  chromaDeltaQ: false,
  sharpness: 0,
  enableSharpYUV: false,
  tune: 0,
};

/** Waves in which every value occurs, of RGB and alpha. */
function picture(bits, alpha) {
  const most = 2 ** bits - 1;
  const samples = new Uint16Array(4 * WIDTH * HEIGHT);
  for (let y = 0, at = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++, at += 4) {
      const waves = [Math.sin((x * y) / 900), Math.cos(x / 17 + y / 11), Math.sin(x / 5 - y / 23)];
      samples.set(
        waves.map((wave) => Math.round((most * (1 + wave)) / 2)),
        at,
      );
      samples[at + 3] = alpha ? Math.min(most, Math.round((most * (x + y)) / 150)) : most;
    }
  return new Uint8Array(samples.buffer);
}

const made = {};
for (const bitDepth of [10, 12])
  for (const alpha of [false, true])
    for (const [subsample, sampling] of SAMPLINGS.entries()) {
      const name = `${sampling}-${bitDepth}${alpha ? "-alpha" : ""}`;
      const options = { ...OPTIONS, bitDepth, subsample };
      const file = encoder.encode(picture(bitDepth, alpha), WIDTH, HEIGHT, options);
      made[name] = Buffer.from(file).toString("base64");
    }
console.log(JSON.stringify(made));
