import {queryParameter, setQueryParameter} from "./address-query.js";

/** How the value of an input is kept in the page's address. */
export interface AddressOptions<T> {
  /** Name of the parameter in the address's query. */
  name: string;
  /** The value that the address need not name; the input's own at the time of the call unless told. */
  default?: T;
  /** The value of a parameter's text, or undefined for text that means none. By the type of the default unless told. */
  parse?: (text: string) => T | undefined;
  /** The text of a value, or null for one that is not written; `String` unless told. */
  format?: (value: T) => string | null;
  /** Ends the tie to the address; without it the tie ends at the first step in the history after the input left the page. */
  invalidation?: Promise<unknown>;
}

/**
 * Ties an input to the page's address, so that a link carries its value, and returns the input itself for `view`:
 *
 *     const minDist = view(bound(Inputs.range([0, 1], {value: 0.1, label: "min_dist"}), {name: "min_dist"}));
 *
 * At creation the input takes the value that the address names, else the default. Text that means nothing, and a value that
 * the input does not have (an option that is not in the list, a number out of bounds of a plain field), leave the default,
 * and leave the address as it is until the reader changes the input: a list may be filled later. Each "input" event writes
 * the value, and removes the parameter where the value is the default; other parameters and the hash stay. Back, forward and
 * a changed hash give the input the address's value, and dispatch its event if that is another.
 * For native inputs the value is what `view` takes of them: valueAsNumber of "range" and "number", checked of "checkbox".
 */
export function bound<E extends HTMLInputElement>(
  input: E,
  options: AddressOptions<number> | AddressOptions<string> | AddressOptions<boolean>
): E;
export function bound<T, E extends HTMLElement & {value: T}>(input: E & {value: T}, options: AddressOptions<T>): E;
export function bound(input: HTMLElement, options: object): HTMLElement {
  return tie(input, options as AddressOptions<unknown>);
}

function tie(input: HTMLElement, {name, invalidation, ...options}: AddressOptions<unknown>): HTMLElement {
  const usual = "default" in options ? options.default : valueOf(input);
  const {parse = parserLike(usual), format = String} = options;
  const textOf = (value: unknown): string | null => (isNothing(value) ? null : format(value));
  const fromAddress = (): unknown => {
    const text = queryParameter(name);
    return (text === null ? undefined : parse(text)) ?? usual;
  };
  const restore = (): void => {
    take(input, usual);
    const asked = fromAddress();
    if (textOf(asked) === textOf(usual)) return;
    take(input, asked);
    if (isNothing(valueOf(input))) take(input, usual);
  };

  let wasConnected = false;
  const write = (): void => {
    const text = textOf(valueOf(input));
    setQueryParameter(name, text === textOf(usual) ? null : text);
  };
  const follow = (): void => {
    if (wasConnected && !input.isConnected) return stop();
    wasConnected ||= input.isConnected;
    const before = textOf(valueOf(input));
    restore();
    if (textOf(valueOf(input)) !== before) tell(input);
  };
  const stop = (): void => {
    input.removeEventListener("input", write);
    removeEventListener("popstate", follow);
    removeEventListener("hashchange", follow);
  };

  restore();
  input.addEventListener("input", write);
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  void invalidation?.then(stop);
  return input;
}

/** What Framework's `view` takes of an element. */
function valueOf(input: HTMLElement): unknown {
  const {type, valueAsNumber, checked, value} = input as HTMLInputElement;
  if (type === "range" || type === "number") return valueAsNumber;
  return type === "checkbox" ? checked : value;
}

/** Gives an input a value; one that it does not have is not taken. */
function take(input: HTMLElement, value: unknown): void {
  const native = input as HTMLInputElement;
  if (native.type === "range" || native.type === "number") native.valueAsNumber = value as number;
  else if (native.type === "checkbox") native.checked = value === true;
  else (input as unknown as {value: unknown}).value = value;
  if ("validity" in native && !native.validity.valid) native.value = "";
}

/** Dispatches the event by which `view` hears of a new value; of a checkbox that is a click, which would turn it. */
function tell(input: HTMLElement): void {
  const native = input as HTMLInputElement;
  if (native.type === "checkbox") {
    native.checked = !native.checked;
    native.click();
  } else input.dispatchEvent(new Event("input", {bubbles: true}));
}

const isNothing = (value: unknown): boolean => value === null || value === undefined || Number.isNaN(value);

function parserLike(usual: unknown): (text: string) => unknown {
  if (typeof usual === "number") {
    return (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined);
  }
  if (typeof usual === "boolean") return (text) => ({true: true, false: false})[text];
  return (text) => text;
}
