/** Milliseconds that a part of a batch may take, so that Cancel is heard soon: at least two are under way at a time. */
export const longestPart = 250;
/** Milliseconds of work that a device is given ahead, so that it does not wait while this thread reads cells or answers a page. */
const workAhead = 80;
/** Most parts that are under way at a time. */
export const mostAhead = 8;

/** Sentences of each part of a batch, at most `most` of them, and how many parts are under way at a time, where a sentence takes `pace` milliseconds. */
export function planParts(most: number, pace: number): {size: number; ahead: number} {
  const size = Math.max(1, Math.min(most, Math.floor(longestPart / pace)));
  return {size, ahead: Math.max(2, Math.min(mostAhead, Math.ceil(workAhead / (pace * size))))};
}
