/** Making elements: text only, never HTML, so that nothing foreign can become markup. */

export type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>;

/** An element; attributes that are functions are listeners: `{ click: () => … }`. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false) element.setAttribute(key, String(value));
  }
  element.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

export function button(
  text: string,
  kind: "primary" | "secondary" | "quiet",
  click: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return make("button", { type: "button", class: kind, click, ...attributes }, text);
}

/** The heading of a step; it takes the focus when the step begins. */
export function heading(text: string): HTMLHeadingElement {
  return make("h1", { tabindex: -1 }, text);
}

/** Set text only where it changed: a live region speaks at every change. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The document has no element #${id}.`);
  return element as Kind;
}
