import {extend, h, setAttribute, setText} from "./dom.js";
import {formatCount, formatInteger, formatNumber} from "./format.js";
import {type Histogram, histogram} from "./histogram.js";
import {niceTicks} from "./ticks.js";

/** What a histogram with a threshold shows. */
export interface ThresholdOptions {
  title: string;
  /** Unit of the values, under the axis. */
  unit: string;
  /** Which side of the threshold stays. */
  keeps: "at least" | "at most";
  /** Whether the axis is log(1 + value). */
  log: boolean;
  /** One a cell; NaN where there is none. */
  values: ArrayLike<number>;
  /** Smallest step of the number field (1). */
  step?: number;
  /** After the number field ("%"). */
  suffix?: string;
  /** A person set another threshold; null: none. */
  onInput(threshold: number | null): void;
}

/** A figure; `set` shows a threshold and the cells that it removes. */
export type ThresholdHistogram = HTMLElement & {set(threshold: number | null, removed: number): void};

const [width, height] = [320, 150];
const [left, right, top, bottom] = [6, 6, 22, 36];
const bars = 48;
/** How far a key moves the handle, in the picture's units. */
const steps: Record<string, number> = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -16,
  PageUp: 16
};
const space = "http://www.w3.org/2000/svg";

/** A histogram of cells with one threshold: a handle that is dragged or moved by arrow keys, and a number field. */
export function thresholdHistogram({
  title,
  unit,
  keeps,
  log,
  values,
  step = 1,
  suffix,
  onInput
}: ThresholdOptions): ThresholdHistogram {
  const {edges, counts} = histogram(values, bars, {log, low: 0});
  const most = edges[bars];
  const tallest = Math.max(1, ...counts);
  const {x, valueAt} = thresholdAxis(most, log);
  const none = keeps === "at least" ? 0 : most;
  const round = (value: number): number => {
    const size = log && value >= 100 ? 10 ** (Math.floor(Math.log10(value)) - 1) : step;
    return Number((Math.round(value / size) * size).toFixed(6));
  };
  let threshold: number | null = null;

  const {svg, rects, handle} = thresholdPicture({title, unit, keeps, log, edges, counts, x});

  const field = h("input", {
    type: "number",
    min: 0,
    step,
    placeholder: "none",
    inputmode: "decimal",
    "aria-label": `${title}: keep cells with ${keeps}`
  });
  const removedWords = h("span", {class: "wb-threshold-removed"});
  const root = h(
    "figure",
    {class: "wb-threshold-figure"},
    h(
      "figcaption",
      {},
      h("strong", {}, title),
      h("span", {class: "wb-threshold-scale"}, `tallest bar: ${formatCount(tallest, "cell")}`)
    ),
    svg as unknown as Node,
    h("div", {class: "wb-threshold-form"}, h("label", {class: "wb-field"}, keeps, field, suffix), removedWords)
  );

  field.addEventListener("input", () => {
    const value = field.valueAsNumber;
    if (field.value === "" || (Number.isFinite(value) && value >= 0)) give(field.value === "" ? null : value, true);
  });
  handle.addEventListener("keydown", (event) => {
    const now = threshold ?? none;
    const px = x(now);
    const {key} = event as KeyboardEvent;
    if (key === "Home" || key === "End") give(key === "Home" ? 0 : most);
    else if (key === "Delete" || key === "Backspace") give(null);
    else if (key in steps) {
      const next = round(valueAt(px + steps[key]));
      // Where a step of the axis is less than one of the value, the value moves by its own.
      give(next === now ? Math.max(0, Number((now + Math.sign(steps[key]) * step).toFixed(6))) : next);
    } else return;
    event.preventDefault();
  });
  onDrag(svg, (px) => {
    give(round(valueAt(px)));
    (handle as unknown as HTMLElement).focus({preventScroll: true});
  });

  /** A threshold that removes nothing by its place at the end of the axis is none. */
  function give(value: number | null, typed = false): void {
    const isNone = value === null || (keeps === "at least" ? value <= 0 : !typed && value >= most);
    onInput(isNone ? null : value);
  }

  function set(next: number | null, removed: number): void {
    threshold = next;
    const at = x(next ?? none);
    handle.setAttribute("transform", `translate(${at.toFixed(2)},0)`);
    handle.classList.toggle("wb-off", next === null);
    rects.forEach((bar, k) =>
      bar.classList.toggle("wb-cut", next !== null && (keeps === "at least" ? edges[k + 1] <= next : edges[k] >= next))
    );
    const words =
      next === null ? "no threshold" : `${keeps} ${formatNumber(next, 4)}, removes ${formatCount(removed, "cell")}`;
    setAttribute(handle, "aria-valuenow", Number((next ?? none).toFixed(6)));
    setAttribute(handle, "aria-valuetext", words);
    if (document.activeElement !== field) field.value = next === null ? "" : String(Number(next.toFixed(6)));
    setText(
      removedWords,
      next === null ? "removes none" : `removes ${formatInteger(removed)} of ${formatCount(values.length, "cell")}`
    );
  }

  set(null, 0);
  return extend(root, {set});
}

/** Places of values on the axis from 0 to `most`, in the picture's units, and back. */
function thresholdAxis(most: number, log: boolean | undefined) {
  const axis = (value: number): number => (log ? Math.log1p(Math.max(0, value)) : value);
  const x = (value: number): number =>
    left + (width - left - right) * Math.min(1, Math.max(0, axis(value) / axis(most)));
  const valueAt = (px: number): number => {
    const at = Math.min(1, Math.max(0, (px - left) / (width - left - right))) * axis(most);
    return log ? Math.expm1(at) : at;
  };
  return {x, valueAt};
}

/** Calls `place` with the pointer's x in the picture's units while it is pressed and moved. */
function onDrag(svg: SVGElement, place: (x: number) => void): void {
  let dragging = false;
  const drag = (event: Event): void => {
    const box = svg.getBoundingClientRect();
    place((((event as PointerEvent).clientX - box.left) / box.width) * width);
  };
  svg.addEventListener("pointerdown", (event) => {
    dragging = true;
    svg.setPointerCapture((event as PointerEvent).pointerId);
    drag(event);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => dragging && drag(event));
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (dragging = false));
}

/** The bars, their axis and the handle, which stands at 0 until it is moved. */
function thresholdPicture({
  title,
  unit,
  keeps,
  log,
  edges,
  counts,
  x
}: Pick<ThresholdOptions, "title" | "unit" | "keeps" | "log"> &
  Pick<Histogram, "edges" | "counts"> & {
    /** Place of a value, in the picture's units. */
    x(value: number): number;
  }) {
  const most = edges[bars];
  const tallest = Math.max(1, ...counts);
  const svg = element("svg", {
    viewBox: `0 0 ${width} ${height}`,
    class: "wb-threshold",
    role: "group",
    "aria-label": `Histogram of ${title.toLowerCase()}, ${unit}`
  });
  const base = height - bottom;
  const rects = Array.from(counts, (count, k) => {
    const [from, to] = [x(edges[k]), x(edges[k + 1])];
    const tall = count === 0 ? 0 : Math.max(1, ((base - top) * count) / tallest);
    return element("rect", {
      x: from + 0.5,
      y: base - tall,
      width: Math.max(0.5, to - from - 1),
      height: tall,
      class: "wb-threshold-bar"
    });
  });
  const ticks = niceTicks(0, most, 4, log).map((tick) =>
    text(formatNumber(tick), {
      x: x(tick),
      y: base + 15,
      "text-anchor": x(tick) < 14 ? "start" : x(tick) > width - 22 ? "end" : "middle"
    })
  );
  const handle = element("g", {
    class: "wb-threshold-handle",
    role: "slider",
    tabindex: 0,
    "aria-label": `${title}: keep cells with ${keeps}`,
    "aria-valuemin": 0,
    "aria-valuemax": Number(most.toFixed(3))
  });
  handle.append(
    element("rect", {x: -12, y: top - 22, width: 24, height: base - top + 26, fill: "transparent"}),
    element("line", {y1: top - 8, y2: base}),
    element("rect", {x: -6, y: top - 20, width: 12, height: 14, rx: 3, class: "wb-threshold-grip"})
  );
  svg.append(
    ...rects,
    element("line", {x1: left, x2: width - right, y1: base, y2: base, class: "wb-threshold-axis"}),
    ...ticks,
    text(`${unit}${log ? ", log(1 + x)" : ""}`, {x: width / 2, y: height - 4, "text-anchor": "middle"}),
    handle
  );
  return {svg, rects, handle};
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function text(words: string, attributes: Record<string, string | number>): SVGElement {
  const made = element("text", attributes);
  made.textContent = words;
  return made;
}
