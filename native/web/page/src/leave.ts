/** Leaving at once: by the button or by the Escape key three times, without a way back. */

const PRESSES = 3;
const WITHIN_MS = 3_000;

/**
 * @param link - the button; it is a link, so that it works before and without this program.
 * @param forget - drops all that the page holds.
 */
export function prepareLeaving(link: HTMLAnchorElement, forget: () => void): void {
  let presses: number[] = [];

  function leave(): void {
    // The screen is empty before the other site has answered, and stays so if it never does.
    document.documentElement.replaceChildren();
    forget();
    // This page's entry in the history is replaced: the Back button does not lead here.
    location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
      return;
    }
    if (event.repeat) return;
    const now = performance.now();
    presses = [...presses.filter((each) => now - each < WITHIN_MS), now];
    if (presses.length >= PRESSES) leave();
  });
}

/** Follow links within this site without a new entry in the history. */
export function replaceHistory(within: ParentNode): void {
  within.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-replace]");
    if (link === null) return;
    event.preventDefault();
    location.replace(link.href);
  });
}
