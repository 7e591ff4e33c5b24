/** Shows one line of progress on a terminal and nothing anywhere else, so that logs stay clean. */
export interface ProgressLine {
  /** Shows `label` with done of total, the rate and the time left. */
  update(label: string, done: number, total: number): void;
  /** Shows a text in the place of progress, until there is some. */
  say(text: string): void;
  /** A line that stays: above the progress line on a terminal; anywhere else written by `finish` only. */
  note(text: string): void;
  /** Removes the progress line. */
  clear(): void;
  /** Ends a run that succeeded: notes that waited are written. A failed run says one line, its error. */
  finish(): void;
}

/** What a progress line needs of a stream; process.stderr has it. */
export interface TerminalStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const interval = 100;

/** A progress line on `stream`; `now` gives milliseconds. */
export function progressLine(stream: TerminalStream, now: () => number = () => performance.now()): ProgressLine {
  let label = "";
  let begin = 0;
  let last = -Infinity;
  let shown = false;
  const waiting: string[] = [];
  const clear = () => {
    if (shown) stream.write("\r\x1b[2K");
    shown = false;
  };
  const show = (text: string) => {
    stream.write(`\r\x1b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    shown = true;
  };
  return {
    say(text) {
      const time = now();
      if (!stream.isTTY || time - last < interval) return;
      last = time;
      show(text);
    },
    update(name, done, total) {
      if (!stream.isTTY) return;
      const time = now();
      if (name !== label) [label, begin, last] = [name, time, -Infinity];
      if (done < total && time - last < interval) return;
      last = time;
      show(progressText(name, done, total, (time - begin) / 1000));
    },
    note(text) {
      clear();
      if (stream.isTTY) stream.write(`${text}\n`);
      else waiting.push(text);
    },
    finish() {
      clear();
      for (const text of waiting.splice(0)) stream.write(`${text}\n`);
    },
    clear
  };
}

/** "embed 120 of 466 cells, 14 a second, 25 s left": what a person wants to know of a run, from `seconds` so far. */
export function progressText(label: string, done: number, total: number, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const speed = rate > 0 ? `, ${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} a second` : "";
  const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} left` : "";
  return `${label} ${done} of ${total}${speed}${left}`;
}

/** Seconds as people say them: "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return `${s} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 90) return s % 60 === 0 ? `${minutes} min` : `${minutes} min ${s % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
