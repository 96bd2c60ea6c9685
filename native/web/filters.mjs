/** HEIC as everyone else decodes it: with HEVC's filters, which libheif-js leaves out.
 *
 * libheif, where it is built for WebAssembly, tells libde265 to leave out deblocking and sample
 * adaptive offset (DE265_DECODER_PARAM_DISABLE_DEBLOCKING and _SAO, 7 and 8): pictures are done
 * sooner, and their samples are others. It has no switch for that, but a constant in two places, one
 * for each way in which a decoder is made; here they become 0 instead of 1.
 */

import { readFile } from "node:fs/promises";

/** i32.const 7, i32.const 1, call f, local.get c, i32.const 8, i32.const 1, call f. */
const LEFT_OUT =
  /\x41\x07\x41(\x01)(\x10[\x80-\xff]*[\0-\x7f])\x20[\0-\x7f]\x41\x08\x41(\x01)\2/dgs;
const PLACES = 2;

/** @throws {Error} this is not the module that is known: look at its decoder again. */
export function withFilters(module) {
  const found = [...module.toString("latin1").matchAll(LEFT_OUT)];
  if (found.length !== PLACES)
    throw new Error(
      `libheif.wasm leaves out filters in ${found.length} places, not in ${PLACES}: see filters.mjs.`,
    );
  const changed = Buffer.from(module);
  for (const { indices } of found) for (const group of [1, 3]) changed[indices[group][0]] = 0;
  return changed;
}

/** For esbuild: the module is changed as it is bundled. */
export const filters = {
  name: "filters",
  setup(build) {
    build.onLoad({ filter: /[\\/]libheif\.wasm$/ }, async ({ path }) => ({
      contents: withFilters(await readFile(path)),
      loader: "file",
    }));
  },
};
