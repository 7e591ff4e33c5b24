/**
 * Safari refuses more than 100 changes of the address in 30 s with an error, Chromium and Firefox drop them above 200 in 10 s; a slider
 * that is dragged tells of 60 a second. So changes have a purse: a change takes one of `most`, and one comes back every `spacing` ms.
 * The last `reserve` are for what must not wait: the end of a change (a slider let go, a key released). 20 + 30 s / 400 ms = 95.
 */
const [spacing, most, reserve] = [400, 20, 10];

const pending = new Map<string, string | null>();
let timer: ReturnType<typeof setTimeout> | null = null;
let purse = most;
let counted = 0;
let due = false;
let listening = false;
/** True while a key is held down, which changes a number or a slider 30 times a second. */
let held = false;

/** Text of one parameter of the page's query, as it is or is about to be; null where the query does not name it. */
export function queryParameter(name: string): string | null {
  const waiting = pending.get(name);
  return waiting === undefined ? new URLSearchParams(location.search).get(name) : waiting;
}

/**
 * Writes one parameter into the page's query (null removes it) without a new entry in the history; other parameters and the
 * hash stay. What is set in one task is written together when that task is done, so that a reload loses nothing. Only of many changes in
 * a row, as of a dragged slider, some wait for up to 400 ms, but never beyond the end of the change ("change", a key released), a
 * click (a link, a button that copies the address), or the page's being left or hidden.
 */
export function setQueryParameter(name: string, text: string | null): void {
  if (queryParameter(name) === text) return;
  pending.set(name, text);
  if (!listening) listen();
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    flushWithin(reserve);
  });
}

function listen(): void {
  listening = true;
  addEventListener("click", flush, {capture: true});
  addEventListener("keydown", ({repeat}) => (held = repeat), {capture: true});
  // Heard last, when the inputs have told of their values.
  addEventListener("keyup", () => ((held = false), flushWithin(0)));
  addEventListener("change", () => held || flushWithin(0));
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  // After a step in the history the address is what holds: what was about to be written belongs to the step before.
  addEventListener("popstate", forget, {capture: true});
}

/** Writes what waits if more than `left` changes are in the purse, else when the next one has come back. */
function flushWithin(left: number): void {
  const now = Date.now();
  // A clock that was set back must not hold the address for hours.
  const back = now < counted ? most : (now - counted) / spacing;
  [purse, counted] = [Math.min(most, purse + back), now];
  if (pending.size === 0) return;
  if (purse >= left + 1) flush();
  else timer ??= setTimeout(() => ((timer = null), flushWithin(0)), spacing);
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
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  if (search === location.search) return;
  purse = Math.max(0, purse - 1);
  history.replaceState(history.state, "", location.pathname + search + location.hash);
}

function forget(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  pending.clear();
}
