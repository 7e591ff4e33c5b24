import type {BenchRow, BenchRun} from "../core/bench/bench-run.js";
import {timesSeed} from "../core/bench/compare-rows.js";
import {rowWords} from "../core/bench/row-words.js";
import {h} from "./dom.js";
import {formatInteger, formatNumber} from "./format.js";

const columns = [
  "way",
  "batch",
  "tokens",
  "ms a cell",
  "least to most (n)",
  "times the seed's way",
  "self-test",
  "memory"
];

/** Every row of a run with its spread, its error and its verdict; rows of one length stand together, the fastest first. */
export function benchTable(run: BenchRun): HTMLElement {
  const rows = run.rows.toSorted(
    (a, b) => a.length - b.length || (a.ms?.median ?? Infinity) - (b.ms?.median ?? Infinity)
  );
  const caption = `${formatInteger(rows.length)} configurations, by length and time`;
  return h(
    "div",
    {class: "wb-scroll wb-bench-table", tabindex: 0, role: "region", "aria-label": caption},
    h(
      "table",
      {class: "wb-table"},
      h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((name, i) => h("th", {scope: "col", class: i > 0 && i < 6 ? "wb-number" : null}, name))
        )
      ),
      h(
        "tbody",
        {},
        rows.map((row) => tableRow(run, row))
      )
    )
  );
}

function tableRow(run: BenchRun, row: BenchRow): HTMLElement {
  const {batch, length, ms, memory, note} = row;
  const times = timesSeed(run, row);
  const number = (text: string) => h("td", {class: "wb-number"}, text);
  return h(
    "tr",
    {"data-failing": String(isFailing(row))},
    h("th", {scope: "row"}, rowWords(row), note === null ? null : h("span", {class: "wb-type"}, note)),
    number(formatInteger(batch)),
    number(formatInteger(length)),
    number(ms === null ? "–" : formatNumber(ms.median)),
    number(ms === null ? "–" : `${formatNumber(ms.low)} to ${formatNumber(ms.high)} (${ms.n})`),
    number(times === null ? "" : `${formatNumber(times, 2)} ×`),
    h("td", {}, verdict(row)),
    number(memory === null ? "" : `${formatInteger(memory)} MB`)
  );
}

/** True for a row that could not be run, or whose vectors are not the model's. */
export function isFailing({ms, check}: BenchRow): boolean {
  return ms === null || check?.passed === false;
}

function verdict(row: BenchRow): HTMLElement {
  const {ms, check} = row;
  const kind = isFailing(row) ? "damaged" : check === null ? "unknown" : "counts";
  const word = ms === null ? "not run" : check === null ? "not compared" : check.passed ? "passes" : "fails";
  const error =
    check === null
      ? null
      : `error ${check.error === null ? "no number" : formatNumber(check.error, 2)}, at most ${formatNumber(check.limit, 2)}`;
  return h(
    "span",
    {},
    h("span", {class: "wb-verdict", "data-verdict": kind}, word),
    error === null ? null : h("span", {class: "wb-type"}, error)
  );
}
