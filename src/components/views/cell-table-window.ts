import {lineHeight} from "./cell-lines.js";
import {lines} from "./cell-table-frame.js";

/** Lines made beyond each end of those that are seen. */
const margin = 6;

/** First line that must be there, and the one after the last, of `count`. */
export function linesSeen(scroller: HTMLElement, head: HTMLElement, count: number): [first: number, last: number] {
  const headHeight = head.offsetHeight || lineHeight;
  const bottom = scroller.scrollTop + (scroller.clientHeight || lineHeight * lines) - headHeight;
  return [
    Math.max(0, Math.floor(scroller.scrollTop / lineHeight) - margin),
    Math.min(count, Math.ceil(bottom / lineHeight) + margin)
  ];
}

/** Scrolls just so far that a line is seen. Nothing where the table is folded up. */
export function reachLine(scroller: HTMLElement, head: HTMLElement, place: number): void {
  if (scroller.clientHeight === 0) return;
  const seen = scroller.clientHeight - (head.offsetHeight || lineHeight);
  if (place * lineHeight < scroller.scrollTop) scroller.scrollTop = place * lineHeight;
  else if ((place + 1) * lineHeight > scroller.scrollTop + seen) scroller.scrollTop = (place + 1) * lineHeight - seen;
}

/** The line that a key leads to from line `active` of `count`; null for other keys. */
export function lineByKey(key: string, active: number, count: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + lines - 1,
    PageUp: active - lines + 1,
    Home: 0,
    End: count - 1
  };
  return key in moves && count > 0 ? Math.min(count - 1, Math.max(0, moves[key])) : null;
}
