/** Bundles client and page: `node build.mjs CORE OUT`, the folder of hashmatch.wasm and the one to write.
 *
 * OUT/client gets what `Fingerprinter.start({ base })` is pointed at: `worker.js`, which imports a
 * chunk and a WebAssembly file for each decoder when it needs them, `index.js` for pages that bring no
 * bundler, and `direct.js` for service workers. Names of chunks hold a hash of their contents, so they may be cached for ever.
 */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./page/build.mjs";
import { pack } from "./page/pack.mjs";
import { filters } from "./filters.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const [core, out] = process.argv.slice(2).map((path) => resolve(path));
if (!core || !out) throw new Error("usage: node build.mjs CORE OUT");

/** Options that the client and whatever is built beside it share. */
const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["es2022", "chrome100", "firefox114", "safari16.4"],
  legalComments: "none",
  alias: { "hashmatch-core": core, "hashmatch-client": join(here, "client/src/index.ts") },
  loader: { ".wasm": "file" },
  plugins: [filters],
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  logLevel: "warning",
};

/** What Emscripten's glue asks for where it finds itself in node, which is never. */
const IN_NODE = ["fs", "path", "module", "node:*"];

async function buildClient() {
  await build({
    ...shared,
    entryPoints: { worker: "client/src/worker.ts", index: "client/src/index.ts" },
    outdir: join(out, "client"),
    splitting: true,
    external: IN_NODE,
  });
  // Service workers may not import anything later: all of the code, and still no decoder.
  await build({
    ...shared,
    entryPoints: { direct: "client/src/direct.ts" },
    outdir: join(out, "client"),
    external: IN_NODE,
  });
}

/** The packages that are bundled, and what is to be said of one beside its licence. */
const BUNDLED = {
  "@cwasm/jpeg-turbo":
    "It holds libjpeg-turbo, https://libjpeg-turbo.org, which is in part the work of the\n" +
    "Independent JPEG Group: IJG licence, Modified (3-clause) BSD licence, zlib licence.\n",
  "@jsquash/avif": "",
  "@jsquash/webp": "",
  "libheif-js": "Changed: two constants of its WebAssembly, so that HEVC's filters are run.\n",
};

/** What the packages that were bundled ask for: their licences, beside them. */
async function writeLicences() {
  const texts = [];
  for (const [name, more] of Object.entries(BUNDLED)) {
    const folder = join(here, "node_modules", name);
    const { version, license, repository } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const source =
      typeof repository === "string" ? `https://github.com/${repository}` : repository.url;
    texts.push(`${name} ${version}, ${license}\n${source}\n${more}`);
    for (const file of await readdir(folder))
      if (/^licen[cs]e/i.test(file)) texts.push(await readFile(join(folder, file), "utf8"));
  }
  await writeFile(join(out, "client/LICENCES.txt"), texts.join("\n"));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await buildClient();
await writeLicences();
await buildPage(out, shared);
await pack(out);
