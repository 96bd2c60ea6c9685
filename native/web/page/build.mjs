/**
 * Builds the page: one HTML file for each language, with its words in it, and what these load; and
 * the console of operators, which is in English.
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const RIGHT_TO_LEFT = new Set(["ar"]);
const DOCUMENTS = ["index.html", "case.html"];
const PROGRAMS = [
  "src/index.ts",
  "src/case.ts",
  "src/console.ts",
  "page.css",
  "console.css",
  "icon.svg",
];

/**
 * @param {string} out - the folder that the service serves; `out/client` is built
 * @param {import("esbuild").BuildOptions} shared - how the client was bundled
 */
export async function buildPage(out, shared) {
  await mkdir(join(out, "assets"), { recursive: true });
  const assets = await bundle(join(out, "assets"), shared);
  const signposts = await readFile(join(HERE, "signposts.json"), "utf8");
  await writeFile(join(out, "signposts.json"), JSON.stringify(JSON.parse(signposts)));
  const languages = new Map();
  for (const name of (await readdir(join(HERE, "messages"))).sort()) {
    const words = JSON.parse(await readFile(join(HERE, "messages", name), "utf8"));
    languages.set(basename(name, ".json"), words);
  }
  for (const [language, messages] of languages) {
    const context = {
      language,
      messages,
      languages: [...languages.keys()],
      assets,
      // served under a name that changes with its content, so that browsers may keep all of it
      client: `/client/${await digestOf(join(out, "client"))}/`,
      leaveTo: JSON.parse(signposts).leave_to,
    };
    for (const name of DOCUMENTS) {
      const html = await fill(await readFile(join(HERE, name), "utf8"), context);
      await writeFile(join(out, name.replace(".html", `.${language}.html`)), html);
    }
  }
  const messages = JSON.parse(await readFile(join(HERE, "console.json"), "utf8"));
  const template = await readFile(join(HERE, "console.html"), "utf8");
  const html = await fill(template, { language: "en", messages, assets });
  await writeFile(join(out, "console.en.html"), html);
}

async function digestOf(folder) {
  const digest = createHash("sha256");
  for (const name of (await readdir(folder)).sort()) {
    digest.update(name).update(await readFile(join(folder, name)));
  }
  return digest.digest("hex").slice(0, 12);
}

/** Programs and styles under names that change with their content: browsers keep them for ever. */
async function bundle(folder, shared) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: PROGRAMS.map((name) => join(HERE, name)),
    outdir: folder,
    loader: { ".svg": "copy" },
    write: false,
  });
  const names = new Map();
  for (const { path, contents } of outputFiles) {
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
    const [stem, kind] = basename(path).split(".");
    names.set(`${stem}.${kind}`, `${stem}-${hash}.${kind}`);
    await writeFile(join(folder, `${stem}-${hash}.${kind}`), contents);
  }
  return names;
}

/** Replace every `{{…}}`: a message `section.name`, or one of the words below. */
async function fill(template, context) {
  const { language, messages, assets } = context;
  const found = new Map();
  for (const [mark, what] of template.matchAll(/\{\{(.+?)\}\}/g)) {
    const [word, ...rest] = what.split(" ");
    switch (word) {
      case "lang":
        found.set(mark, language);
        break;
      case "dir":
        found.set(mark, RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr");
        break;
      case "client":
        found.set(mark, context.client);
        break;
      case "leave_to":
        found.set(mark, escape(context.leaveTo));
        break;
      case "asset":
        found.set(mark, known(assets.get(rest[0]), what));
        break;
      case "messages":
        found.set(mark, block(messages, rest));
        break;
      case "include":
        found.set(mark, await fill(await readFile(join(HERE, rest[0]), "utf8"), context));
        break;
      case "languages":
        found.set(mark, choice(rest[0], context));
        break;
      default: {
        const [section, name] = what.split(".");
        found.set(mark, escape(known(messages[section]?.[name], what)));
      }
    }
  }
  return template.replace(/\{\{.+?\}\}/g, (mark) => found.get(mark));
}

/** The messages that a program asks for, as data in the document. */
function block(messages, sections) {
  const chosen = Object.fromEntries(sections.map((name) => [name, known(messages[name], name)]));
  return JSON.stringify(chosen).replaceAll("<", "\\u003c");
}

/** Links to the same page in every language, each in its own name. */
function choice(path, { languages, language, messages }) {
  const links = languages.map((each) => {
    const name = new Intl.DisplayNames(each, { type: "language" }).of(each);
    const current = each === language ? ' aria-current="true"' : "";
    const dir = RIGHT_TO_LEFT.has(each) ? "rtl" : "ltr";
    return `<li><a href="${path}?lang=${each}" lang="${each}" dir="${dir}" hreflang="${each}" data-replace${current}>${escape(name)}</a></li>`;
  });
  return `<nav aria-label="${escape(messages.site.language)}"><ul class="languages">${links.join("")}</ul></nav>`;
}

function known(value, name) {
  if (typeof value !== "string" && typeof value !== "object") {
    throw new Error(`The page's template asks for ${name}, which there is not.`);
  }
  return value;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
