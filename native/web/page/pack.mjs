/** Packs what was built, as small as it gets: the service sends these files as they are. */

import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST = 512;

/** Lay a `.br` and a `.gz` beside every file under a folder that they make smaller. */
export async function pack(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!(await stat(path)).isFile() || /\.(br|gz)$/.test(name)) continue;
    const content = await readFile(path);
    if (content.length < SMALLEST) continue;
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    for (const [suffix, packed] of [
      [".br", brotliCompressSync(content, { params })],
      [".gz", gzipSync(content, { level: 9 })],
    ]) {
      if (packed.length < content.length) await writeFile(path + suffix, packed);
    }
  }
}
