import * as Plot from "npm:@observablehq/plot";
import type {ExplainedCells, ExplainedPart} from "../core/explain/gather-explained.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatNumber, formatShare} from "./format.js";
import {h} from "./dom.js";

/** A part with what it is called in the figure. */
interface Bar extends ExplainedPart {
  words: string;
}

/** How far a change of genes moves the vector: a bar each, ranked, over the band of the seed, with a mark for as many other genes. */
export function explainFigure({parts, reach, rows, draws}: ExplainedCells): HTMLElement {
  const bars = parts
    .filter(({shown}) => shown > 0)
    .map((part): Bar => ({...part, words: `${part.how === "add" ? "with" : "without"} ${part.name}`}));
  const frame = figureFrame({height: heightOf(bars.length, false)});
  const deciding = bars.filter(({decides}) => decides);
  const of =
    rows.length === 1 ? "" : ` Means over ${formatCount(rows.length, "cell")}; the line is one standard error.`;
  frame.update({
    title: "How far the vector moves",
    caption: `Distance between mean vectors of ${draws} sentences with and without the change; two unrelated directions are 1.41 apart. Shaded: 95 % of other seeds move it no farther. Of 20 changes that do nothing one would be beyond it by chance.${of}`,
    label: `${formatCount(bars.length, "change")} of genes, ranked by how far each moves the vector. 95 % of other seeds move it by no more than ${formatNumber(reach)}. ${deciding.length === 0 ? "None moves it" : `${deciding.map(({words}) => words).join(", ")} move it`} beyond seeds and other genes.`,
    draw: (width) => h("div", {}, key(), draw(bars, reach, width))
  });
  return frame;
}

function heightOf(bars: number, narrow: boolean): number {
  return 74 + bars * (narrow ? 36 : 24);
}

function key(): HTMLElement {
  const swatch = (kind: string, words: string) =>
    h("span", {class: "wb-swatchword"}, h("i", {class: "wb-explain-key", "data-of": kind}), words);
  return h(
    "div",
    {class: "wb-swatchwords", "aria-hidden": "true"},
    swatch("decides", "beyond seeds and other genes"),
    swatch("not", "not beyond them"),
    swatch("control", "as many other genes"),
    swatch("noise", "95 % of other seeds")
  );
}

function draw(bars: readonly Bar[], reach: number, width: number): Element {
  const narrow = width < 620;
  const longest = Math.max(...bars.map(({words}) => words.length));
  const reaches = bars.flatMap(({move, moveError, control}) => [move + (moveError || 0), control || 0]);
  const most = 1.06 * Math.max(reach * 1.2, ...reaches);
  const y = (part: Bar) => part.words;
  const error = bars.filter(({moveError}) => moveError > 0);
  return Plot.plot({
    width,
    height: heightOf(bars.length, narrow),
    marginLeft: narrow ? 12 : Math.min(300, 24 + 6.6 * longest),
    marginRight: 16,
    marginTop: narrow ? 22 : 8,
    marginBottom: 42,
    x: {
      label: "distance →",
      labelAnchor: "right",
      labelArrow: "none",
      domain: [0, most],
      ticks: narrow ? 4 : 8,
      grid: true
    },
    y: {
      label: null,
      domain: bars.map(({words}) => words),
      axis: narrow ? null : "left",
      tickSize: 0,
      padding: narrow ? 0.55 : 0.3
    },
    marks: [
      Plot.rect([0], {x1: 0, x2: reach, fill: "var(--workbook-category-2)", fillOpacity: 0.22}),
      Plot.barX(bars, {
        x: "move",
        y,
        insetTop: narrow ? 6 : 0,
        fill: ({decides}: Bar) => (decides ? "var(--workbook-category-1)" : "var(--theme-foreground-fainter)"),
        title: describe,
        tip: width > 480
      }),
      Plot.ruleX([reach], {stroke: "var(--workbook-category-2)", strokeWidth: 1.5, strokeDasharray: "5 3"}),
      Plot.ruleY(error, {
        x1: ({move, moveError}: Bar) => Math.max(0, move - moveError),
        x2: ({move, moveError}: Bar) => move + moveError,
        y,
        stroke: "var(--theme-foreground)",
        strokeWidth: 1.2,
        dy: narrow ? 3 : 0
      }),
      Plot.tickX(
        bars.filter(({control}) => control > 0),
        {
          x: "control",
          y,
          insetTop: narrow ? 6 : -1,
          insetBottom: -1,
          stroke: "var(--theme-foreground)",
          strokeWidth: 2.5
        }
      ),
      narrow
        ? Plot.text(bars, {
            x: 0,
            y,
            text: "words",
            textAnchor: "start",
            dx: 2,
            dy: -13,
            fontSize: 12,
            fill: "var(--theme-foreground)"
          })
        : null
    ]
  });
}

function describe({words, move, control, shown, share}: Bar): string {
  return `${words}\nmoves the vector by ${formatNumber(move)}\nas many other genes: ${formatNumber(control)}\n${formatCount(Math.round(shown), "gene")}, ${formatShare(share)} of the draws`;
}
