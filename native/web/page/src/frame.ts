/** What every page of the site has around its content: leaving, help, languages. */

import { byId } from "./dom.ts";
import { prepareLeaving, replaceHistory } from "./leave.ts";
import { showSignposts } from "./signposts.ts";
import { Words } from "./words.ts";

/** @param forget - drops all that the page holds, when it is left. */
export function frame(forget: () => void): Words {
  const words = Words.ofDocument();
  document.documentElement.dataset.script = ""; // what needs this program is shown now
  const leave = byId<HTMLAnchorElement>("leave");
  prepareLeaving(leave, forget);
  replaceHistory(document);
  // a page that is kept to come back to would keep what it holds
  window.addEventListener("pagehide", forget);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  void showSignposts(words, byId("signposts"), leave);
  return words;
}
