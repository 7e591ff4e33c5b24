type Child = Node | string | null | undefined;
type Attribute = string | number | boolean | null | undefined | ((event: never) => void);

/**
 * An HTML element. Attributes that are functions become listeners ("onclick" -> click), true a bare attribute; false, null
 * and undefined are left out. Children that are null or undefined are left out, strings become text.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    else setAttribute(element, name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets an attribute, or removes it where the value is false, null or undefined. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined
): void {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Replaces an element's text if it differs, so that nothing is laid out or announced for the same words again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** An id that no other element of the page has, for labels. */
export function uniqueId(stem: string): string {
  counter += 1;
  return `wb-${stem}-${counter}`;
}

let counter = 0;

/** Gives an element methods and properties; getters stay getters. */
export function extend<E extends Element, P extends object>(element: E, properties: P): E & P {
  Object.defineProperties(element, Object.getOwnPropertyDescriptors(properties));
  return element as E & P;
}

/** Sends a CustomEvent that bubbles. */
export function send<T>(element: EventTarget, name: string, detail?: T): void {
  element.dispatchEvent(new CustomEvent(name, {bubbles: true, detail}));
}
