import {divergingRamp} from "./diverging.js";
import {extend, h, uniqueId} from "./dom.js";
import {formatCount, formatInteger, formatNumber} from "./format.js";
import {hex, type Rgb} from "./oklab.js";
import {onModeChange, pageMode} from "./theme.js";

/** Rows of numbers in groups. */
export interface HeatMapData {
  /** Row-major, rows x width. */
  values: Float32Array;
  width: number;
  /** Groups of rows from top to bottom; sizes add up to the rows. */
  groups: readonly {label: string; size: number}[];
  /** Name of a row, for the tooltip. */
  name(row: number): string;
  /** What the columns are ("dimension"), and the rows ("cell"), in the singular. */
  column: string;
  row: string;
}

/** The figure; null shows `waiting` in a space of the same height. */
export type HeatMap = HTMLElement & {update(data: HeatMapData | null, waiting?: string): void; dispose(): void};

const steps = 255;
const height = 420;

/** Rows and columns that the arrow keys go. */
const moves: Record<string, [rows: number, columns: number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0]
};

/**
 * A matrix as colors about 0, one pixel row a row (more rows than pixels: they are thinned evenly, and that is said).
 * The color's range is the middle 98 % of absolute values. Arrow keys move the cell that is read out.
 */
export function heatMap({
  title,
  caption = "",
  unit = "value"
}: {
  title: string;
  caption?: string;
  /** What the colors stand for. */
  unit?: string;
}): HeatMap {
  const canvas = h("canvas", {class: "wb-heat-canvas", tabindex: 0, role: "img"});
  const names = h("div", {class: "wb-heat-groups", "aria-hidden": "true"});
  const read = h("p", {class: "wb-small wb-heat-read", role: "status"});
  const low = h("span");
  const high = h("span");
  const ramp = h("span", {class: "wb-heat-ramp"});
  const words = h("span", {class: "wb-hidden", id: uniqueId("heat")});
  const waitingText = h("div", {class: "wb-heat-waiting"});
  const box = h("div", {class: "wb-heat-box", style: `height: ${height}px`}, names, canvas, waitingText);
  const axes = h("div", {class: "wb-heat-axes", "aria-hidden": "true"});
  const colors = h("span", {class: "wb-small"}, unit);
  const root = h(
    "figure",
    {class: "wb-heat"},
    h("h4", {class: "wb-frame-title"}, title),
    box,
    axes,
    h("div", {class: "wb-heat-key"}, low, ramp, high, colors),
    read,
    h("figcaption", {class: "wb-small"}, caption),
    words
  );
  canvas.setAttribute("aria-describedby", words.id);
  let data: HeatMapData | null = null;
  let limit = 1;
  let at: {row: number; column: number} | null = null;

  const rowsOf = () => (data === null ? 0 : data.values.length / data.width);

  function paint(): void {
    const mode = pageMode();
    const colors = divergingRamp(steps, mode);
    ramp.style.background = `linear-gradient(to right, ${[0, 32, 64, 96, 127, 158, 190, 222, 254].map((k) => hex(colors[k])).join(", ")})`;
    if (data !== null) paintRows(canvas, data, limit, colors);
  }

  function tell(): void {
    if (data === null || at === null) return read.replaceChildren("\u00a0");
    const value = data.values[at.row * data.width + at.column];
    read.textContent = `${data.name(at.row)}, ${data.column} ${at.column}: ${formatNumber(value)}`;
  }

  canvas.addEventListener("pointermove", ({offsetX, offsetY}) => {
    if (data === null) return;
    const rows = rowsOf();
    at = {
      row: Math.min(rows - 1, Math.max(0, Math.floor((offsetY / canvas.clientHeight) * rows))),
      column: Math.min(data.width - 1, Math.max(0, Math.floor((offsetX / canvas.clientWidth) * data.width)))
    };
    tell();
  });
  canvas.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (move === undefined || data === null) return;
    event.preventDefault();
    const now = at ?? {row: 0, column: -1};
    at = {
      row: Math.min(rowsOf() - 1, Math.max(0, now.row + move[0])),
      column: Math.min(data.width - 1, Math.max(0, now.column + move[1]))
    };
    tell();
  });
  const stop = onModeChange(paint);
  const update = (next: HeatMapData | null, waiting = ""): void => {
    data = next;
    at = null;
    box.dataset.empty = String(next === null);
    waitingText.textContent = next === null ? waiting : "";
    canvas.hidden = next === null;
    if (next !== null) {
      limit = typicalSize(next.values);
      low.textContent = `−${formatNumber(limit, 2)}`;
      high.textContent = formatNumber(limit, 2);
      const rows = rowsOf();
      canvas.setAttribute(
        "aria-label",
        `${title}: ${formatCount(rows, next.row)} by ${formatCount(next.width, next.column)}`
      );
      words.textContent = wordsOf(next, limit);
    }
    names.replaceChildren(...(next === null ? [] : groupNames(next)));
    axes.replaceChildren(...(next === null ? [] : axisWords(next)));
    paint();
    tell();
  };
  update(null);
  return extend(root, {update, dispose: stop});
}

/** Paints the rows of a matrix, at most two a pixel of the figure's height; `limit` is the value of the last color. */
function paintRows(canvas: HTMLCanvasElement, {values, width}: HeatMapData, limit: number, colors: Rgb[]): void {
  const rows = values.length / width;
  const shown = Math.min(rows, height * 2);
  canvas.width = width;
  canvas.height = shown;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(width, shown);
  for (let i = 0; i < shown; ++i) {
    const row = Math.floor((i * rows) / shown);
    for (let j = 0; j < width; ++j) {
      const step = Math.round(((Math.max(-1, Math.min(1, values[row * width + j] / limit)) + 1) / 2) * (steps - 1));
      const [red, green, blue] = colors[step];
      image.data.set([red, green, blue, 255], 4 * (i * width + j));
    }
  }
  context.putImageData(image, 0, 0);
}

/** Names of the groups at their rows, where there is room for one. */
function groupNames({values, width, groups, row}: HeatMapData): HTMLElement[] {
  const rows = values.length / width;
  let from = 0;
  return groups.map(({label, size}) => {
    const style = `top: ${(100 * from) / rows}%; height: ${(100 * size) / rows}%`;
    from += size;
    const isRoomy = (size / rows) * height >= 13;
    return h("div", {style, title: `${label}: ${formatCount(size, row)}`}, isRoomy ? h("span", {}, label) : null);
  });
}

/** The figure for who does not see it: its colors and its groups. */
function wordsOf({groups}: HeatMapData, limit: number): string {
  const listed = groups.slice(0, 12).map(({label, size}) => `${label} ${formatInteger(size)}`);
  const ends = `Colors run from −${formatNumber(limit, 2)} to ${formatNumber(limit, 2)}.`;
  return `${ends} Groups from the top: ${listed.join(", ")}. Arrow keys read out single values.`;
}

/** Under the figure: what its rows are, and its first and last column. */
function axisWords({width, column, row, values}: HeatMapData): HTMLElement[] {
  return [
    h("span", {}, `↑ ${formatCount(values.length / width, row)}, by group`),
    h("span", {}, "0"),
    h("span", {}, `${column} →`),
    h("span", {}, formatInteger(width - 1))
  ];
}

/** What 98 % of absolute values stay below; 1 where all are 0. */
export function typicalSize(values: Float32Array): number {
  // A sample is enough for a color's range, and sorting millions would be felt.
  const stride = Math.max(1, Math.floor(values.length / 50_000));
  const sizes = Float64Array.from({length: Math.ceil(values.length / stride)}, (_, i) =>
    Math.abs(values[i * stride])
  ).sort();
  return sizes[Math.floor((sizes.length - 1) * 0.98)] || 1;
}
