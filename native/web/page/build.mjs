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
/** Each document, in `shell.html`: what is in its own file, and what that needs. */
const DOCUMENTS = {
  index: {
    style: "page.css",
    robots: "noarchive",
    messages: ["site", "help", "engine", "choose", "problem", "review", "sending", "done"],
  },
  case: { style: "page.css", robots: "noarchive", messages: ["help", "case"] },
};
const CONSOLE = {
  style: "console.css",
  robots: "noindex, noarchive",
  messages: [
    ...["site", "sign_in", "trouble", "overview", "reviews", "held", "decide", "cases"],
    ...["platform", "lists", "health", "audit", "chart"],
  ],
};
const PROGRAMS = [
  ...Object.keys({ ...DOCUMENTS, console: CONSOLE }).map((name) => `src/${name}.ts`),
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
  for (const [language, words] of languages) {
    const context = {
      language,
      words,
      languages: [...languages.keys()],
      assets,
      // served under a name that changes with its content, so that browsers may keep all of it
      client: `/client/${await digestOf(join(out, "client"))}/`,
      leaveTo: JSON.parse(signposts).leave_to,
    };
    for (const [name, needs] of Object.entries(DOCUMENTS))
      await writeDocument(out, name, { ...context, ...needs });
  }
  const words = JSON.parse(await readFile(join(HERE, "console.json"), "utf8"));
  await writeDocument(out, "console", { language: "en", words, assets, ...CONSOLE });
}

async function writeDocument(out, name, context) {
  const html = await fill("shell.html", { name, ...context });
  await writeFile(join(out, `${name}.${context.language}.html`), html);
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

/** The text of a file, every `{{…}}` replaced: a message `section.name`, or a word below. */
async function fill(file, context) {
  const template = await readFile(join(HERE, file), "utf8");
  const found = new Map();
  for (const [mark, what] of template.matchAll(/\{\{(.+?)\}\}/g))
    found.set(mark, await filling(what, context));
  return template.replace(/\{\{.+?\}\}/g, (mark) => found.get(mark));
}

async function filling(what, context) {
  const { name, language, words, assets } = context;
  const [word, argument] = what.split(" ");
  switch (word) {
    case "lang":
      return language;
    case "dir":
      return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
    case "robots":
      return context.robots;
    case "client":
      return context.client;
    case "leave_to":
      return escape(context.leaveTo);
    case "asset":
      return known(assets.get(argument), what);
    case "style":
      return known(assets.get(context.style), what);
    case "program":
      return known(assets.get(`${name}.js`), what);
    case "messages":
      return block(words, context.messages);
    case "body":
      return fill(`${name}.html`, context);
    case "include":
      return (await fill(argument, context)).trim();
    case "languages":
      return choice(argument, context);
    default: {
      const [section, key] = what.split(".");
      return escape(known(words[section]?.[key], what));
    }
  }
}

/** The messages that a program asks for, as data in the document. */
function block(words, sections) {
  const chosen = Object.fromEntries(sections.map((name) => [name, known(words[name], name)]));
  return JSON.stringify(chosen).replaceAll("<", "\\u003c");
}

/** Links to the same page in every language, each in its own name. */
function choice(path, { languages, language, words }) {
  const links = languages.map((each) => {
    const name = new Intl.DisplayNames(each, { type: "language" }).of(each);
    const current = each === language ? ' aria-current="true"' : "";
    const dir = RIGHT_TO_LEFT.has(each) ? "rtl" : "ltr";
    return `<li><a href="${path}?lang=${each}" lang="${each}" dir="${dir}" hreflang="${each}" data-replace${current}>${escape(name)}</a></li>`;
  });
  return `<nav aria-label="${escape(words.site.language)}"><ul class="languages">${links.join("")}</ul></nav>`;
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
