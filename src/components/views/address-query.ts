/**
 * Shortest time between two changes of the address in ms. Safari refuses more than 100 in 30 s with an error, Chromium drops
 * them above 200 in 10 s; a slider that is dragged tells of 60 a second.
 */
const spacing = 350;

const pending = new Map<string, string | null>();
let timer: ReturnType<typeof setTimeout> | null = null;
let written = -Infinity;
let flushing = false;

/** Text of one parameter of the page's query, as it is or is about to be; null where the query does not name it. */
export function queryParameter(name: string): string | null {
  const waiting = pending.get(name);
  return waiting === undefined ? new URLSearchParams(location.search).get(name) : waiting;
}

/**
 * Writes one parameter into the page's query (null removes it) without a new entry in the history; other parameters and the
 * hash stay. Written at once, or, if the address has just been changed, 350 ms after that change, but always before a click
 * is heard (a link, a button that copies the address) and before the page is left.
 */
export function setQueryParameter(name: string, text: string | null): void {
  if (queryParameter(name) === text) return;
  pending.set(name, text);
  if (!flushing) {
    flushing = true;
    addEventListener("click", flush, {capture: true});
    addEventListener("pagehide", flush);
    // After a step in the history the address is what holds: what was about to be written belongs to the step before.
    addEventListener("popstate", forget, {capture: true});
  }
  // A clock that was set back must not hold the address for hours.
  const wait = Math.min(spacing, written + spacing - Date.now());
  if (wait <= 0) flush();
  else timer ??= setTimeout(flush, wait);
}

function flush(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (pending.size === 0) return;
  const query = new URLSearchParams(location.search);
  for (const [name, text] of pending) {
    if (text === null) query.delete(name);
    else query.set(name, text);
  }
  pending.clear();
  written = Date.now();
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
}

function forget(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  pending.clear();
}
