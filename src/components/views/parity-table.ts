import * as d3 from "npm:d3";
import type {ParityRow} from "../core/parity/parity-row.js";
import type {ParityReport} from "../core/questions/parity.js";
import {extend, h} from "./dom.js";
import {formatCount, formatNumber} from "./format.js";
import {svg} from "./svg.js";

/** What another project reached at its phases ("phase 5" by number), and where that is told. */
export interface OtherProject {
  name: string;
  phases: Record<number, string>;
}

/** The stages of a parity report; null shows `waiting` in its place. */
export type ParityTable = HTMLElement & {update(report: ParityReport | null, waiting?: string): void};

const stageNames = {
  model: "The model's files",
  load: "Load",
  normalize: "Normalize",
  sample: "Sample",
  embed: "Embed",
  umap: "UMAP"
} as const;

/** The scale of the strips: no difference at its left end, then powers of ten. */
const [least, most] = [1e-9, 10];
const [width, height] = [210, 26];

/**
 * A row for each stage that was compared: what with what, its difference on a logarithmic strip beside the largest that passes and
 * the controls that must fail, the verdict in words, and what another project reached there.
 */
export function parityTable({other}: {other: OtherProject}): ParityTable {
  const root = h("section", {class: "wb-parity", "aria-label": "Stages compared with their reference"});
  const update = (report: ParityReport | null, waiting = ""): void => {
    if (report === null) return root.replaceChildren(h("p", {class: "wb-small wb-waiting", role: "status"}, waiting));
    root.replaceChildren(summary(report), table(report.rows, other));
  };
  return extend(root, {update});
}

function summary({rows, passed, model, precision, reference, made}: ParityReport): HTMLElement {
  const failed = rows.filter((row) => !row.passed);
  const missed = rows.flatMap(({controls}) => controls).filter(({caught}) => !caught);
  const against =
    reference === "numpy"
      ? `numpy ${made.numpy} (${made.by})`
      : "numpy for the sentences and a plain float64 computation in this browser for the model";
  const verdict = passed
    ? `All ${rows.length} comparisons pass, and every control fails as it must.`
    : [
        failed.length > 0 &&
          `${formatCount(failed.length, "comparison")} of ${rows.length} differ: ${failed.map(({title}) => title).join(", ")}.`,
        missed.length > 0 && `${formatCount(missed.length, "control")} passed that must fail.`
      ]
        .filter(Boolean)
        .join(" ");
  return h(
    "p",
    {class: "wb-parity-summary", role: "status", "data-passed": String(passed)},
    h("strong", {}, verdict),
    ` ${model}, ${precision}, against ${against}.`
  );
}

function table(rows: readonly ParityRow[], other: OtherProject): HTMLElement {
  const groups = d3.group(rows, ({stage}) => stage);
  const column = (text: string) => h("th", {scope: "col"}, text);
  return h(
    "table",
    {class: "wb-table wb-parity-table"},
    h(
      "caption",
      {},
      "Difference from the reference, on a logarithmic scale. ● ours, │ the largest that passes, × wrong on purpose"
    ),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        column("stage"),
        column("verdict"),
        column("difference"),
        column("wrong on purpose"),
        column(other.name)
      )
    ),
    (["normalize", "sample", "model", "embed"] as const).map((stage) =>
      h(
        "tbody",
        {},
        h("tr", {}, h("th", {colspan: 5, scope: "rowgroup", class: "wb-parity-group"}, stageNames[stage])),
        (groups.get(stage) ?? []).map((row, i, all) => tableRow(row, row.phase === all[i - 1]?.phase ? null : other))
      )
    )
  );
}

/** `other` is null where the row above says it already. */
function tableRow(row: ParityRow, other: OtherProject | null): HTMLElement {
  const {title, compared, passed, fault, figure, tolerance, unit, controls, phase, id} = row;
  return h(
    "tr",
    {"data-row": id, "data-passed": String(passed)},
    h("th", {scope: "row"}, h("span", {class: "wb-parity-title"}, title), h("span", {class: "wb-type"}, compared)),
    h(
      "td",
      {},
      h("span", {class: "wb-verdict", "data-verdict": passed ? "counts" : "damaged"}, passed ? "same" : "differs")
    ),
    h(
      "td",
      {},
      fault === null ? strip(row) : null,
      h(
        "span",
        {class: "wb-type"},
        fault ?? `${formatNumber(figure, 2)} ${unit}; at most ${formatNumber(tolerance, 2)}`
      )
    ),
    h(
      "td",
      {class: "wb-parity-controls"},
      controls.map(({name, figure: wrong, caught}) =>
        h("span", {"data-caught": String(caught)}, `${name} ${formatNumber(wrong, 2)}${caught ? "" : ": not noticed"}`)
      )
    ),
    h("td", {class: "wb-parity-other"}, other === null ? null : (other.phases[phase ?? -1] ?? "not checked"))
  );
}

/** The row's figures on one logarithmic line; counts are on it too, where one is to the right of every tolerance. */
function strip({figure, tolerance, controls, unit}: ParityRow): SVGElement {
  const x = d3.scaleLog([least, most], [14, width - 8]).clamp(true);
  const place = (value: number) => (value > 0 ? x(Math.min(value, most)) : 5);
  const limit = place(tolerance);
  const middle = height / 2;
  return svg(
    "svg",
    {
      class: "wb-parity-strip",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `${unit}: ${formatNumber(figure, 2)}, at most ${formatNumber(tolerance, 2)}`
    },
    svg("rect", {class: "wb-parity-allowed", x: 0, y: middle - 6, width: limit + 2, height: 12, rx: 3}),
    ...d3
      .range(-9, 2, 2)
      .map((power) =>
        svg("line", {class: "wb-parity-tick", x1: x(10 ** power), x2: x(10 ** power), y1: middle - 3, y2: middle + 3})
      ),
    svg("line", {class: "wb-parity-limit", x1: limit + 2, x2: limit + 2, y1: middle - 9, y2: middle + 9}),
    ...controls.map(({figure: wrong, name}) => {
      const at = place(wrong);
      return svg(
        "path",
        {
          class: "wb-parity-control",
          d: `M${at - 4},${middle - 4}L${at + 4},${middle + 4}M${at - 4},${middle + 4}L${at + 4},${middle - 4}`
        },
        svg("title", {}, `${name}: ${formatNumber(wrong, 2)}`)
      );
    }),
    svg("circle", {class: "wb-parity-ours", cx: place(figure), cy: middle, r: 4.5})
  );
}
