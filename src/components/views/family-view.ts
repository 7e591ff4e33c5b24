import type {FamilyModel, FamilyRow, FamilyRun} from "../core/bench/family-run.js";
import {cardTable} from "./card-table.js";
import {h} from "./dom.js";
import {formatBytes, formatInteger, formatNumber} from "./format.js";

/** The two published sizes of the original UCE as one machine ran them: on a graphics card with our kernels, and on its processor in Node. */
export function familyView({machine, date, command, length, models}: FamilyRun): HTMLElement {
  const name = machine.gpu ?? `${machine.processor ?? "a processor"}, without a graphics card`;
  return h(
    "section",
    {class: "wb-bench", "aria-label": `The original UCE on ${name}`},
    h("h3", {}, name),
    h(
      "p",
      {class: "wb-small"},
      `${machine.processor ?? "processor not told"}, ${machine.cores} cores; ${date.slice(0, 10)}; sentences of ${formatInteger(length)} tokens; `,
      h("code", {}, command),
      machine.load === null ? "" : `. ${capital(machine.load)}.`
    ),
    h("div", {class: "wb-bench-cards"}, models.flatMap(tablesOf))
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function tablesOf(model: FamilyModel): HTMLElement[] {
  const {layers, bytes, processor, rows, threads} = model;
  const title = `${layers} layers, ${formatBytes(bytes)} in 4 bits`;
  const tables: HTMLElement[] = [];
  if (rows.length > 0)
    tables.push(
      cardTable({
        caption: `${title}: our kernels in Chromium`,
        head: ["arithmetic", "ms a cell (best batch)", "one at a time", "relative error", "opened in"],
        groups: [[null, rows.map(gpuRow)]]
      }),
      ...memoryTables(model, title)
    );
  if (processor.length > 0)
    tables.push(
      cardTable({
        caption: `${title}: Node, ${threads} threads`,
        head: ["stored as", "size", "ms a cell, clock", "own time", "relative error", "cosine"],
        groups: groupsOf(model)
      })
    );
  return tables;
}

function gpuRow({arithmetic, paces, relativeError, passed, openMs}: FamilyRow): string[] {
  const best = paces.reduce((least, pace) => (pace.ms < least.ms ? pace : least));
  const one = paces.find(({batch}) => batch === 1);
  return [
    words[arithmetic] ?? arithmetic,
    `${formatNumber(best.ms)} (${best.batch})`,
    one === undefined ? "–" : formatNumber(one.ms),
    `${formatNumber(relativeError, 2)}${passed ? "" : ", fails"}`,
    `${formatNumber(openMs / 1000, 2)} s`
  ];
}

const words: Readonly<Record<string, string>> = {
  fp32: "float32",
  fp16: "float16",
  int8: "8 bit",
  int4: "4 bit",
  matrix: "float16, matrix units"
};

/** What the tab held at most, beside the bundle's size; nothing where there was no browser. */
function memoryTables({tabWhileAdding, tabPeak, bytes}: FamilyModel, title: string): HTMLElement[] {
  if (tabWhileAdding === null || tabPeak === null) return [];
  const row = (name: string, mb: number) => [
    name,
    `${formatInteger(mb)} MB`,
    `${formatNumber((mb * 1e6) / bytes, 2)} times`
  ];
  return [
    cardTable({
      caption: `${title}: memory of the tab`,
      head: ["when", "at most", "of the bundle"],
      groups: [[null, [row("while the bundle came", tabWhileAdding), row("in the whole run", tabPeak)]]]
    })
  ];
}

/** Rows under what they are compared with; what is compared with itself stands first among those that are compared with it. */
function groupsOf({processor}: FamilyModel): [string, string[][]][] {
  const to = [...new Set(processor.map(({comparedWith}) => comparedWith).filter((name) => name !== "itself"))];
  return to.map((comparedWith) => [
    `error and cosine: to ${comparedWith in words ? words[comparedWith] : `${comparedWith} to float32`}`,
    processor
      .filter((row) => (row.comparedWith === "itself" ? "the same, widened" : row.comparedWith) === comparedWith)
      .map(({name, bytes, ms, processorMs, relativeError, cosine}) => [
        words[name] ?? name,
        formatBytes(bytes),
        formatNumber(ms),
        formatNumber(processorMs),
        formatNumber(relativeError, 2),
        cosine.toFixed(6)
      ])
  ]);
}
