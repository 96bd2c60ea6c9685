/** Fills `dist` for `npm pack`: what the wheel's build made, and the types. */

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../..");
const dist = join(here, "dist");
const types = join(dist, "types");

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await cp(join(root, "src/hashmatch/_web/client"), dist, { recursive: true });
const tsc = join(here, "../node_modules/typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "--project", join(here, "tsconfig.types.json")], {
  stdio: "inherit",
});
// Declarations name each other as the sources do, by names that are not in the package.
for (const name of await readdir(types, { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const text = await readFile(join(types, name), "utf8");
  await writeFile(join(types, name), text.replaceAll(/(from ")(\.[^"]+)\.ts(")/g, "$1$2.js$3"));
}
