import type {BenchRun, BenchWay, ColdPart, StageTime} from "../core/bench/bench-run.js";
import {fastestRow, timesSeed} from "../core/bench/compare-rows.js";
import {rowWords, wayWords} from "../core/bench/row-words.js";
import {benchDots} from "./bench-dots.js";
import {benchTable} from "./bench-table.js";
import {cardTable} from "./card-table.js";
import {extend, h} from "./dom.js";
import {formatBytes, formatDuration, formatInteger, formatNumber} from "./format.js";

/** One run of the benchmark, whole. */
export type BenchView = HTMLElement & {update(run: BenchRun): void};

/** Machine, date, versions and command of a run, its times as a figure for each length, all rows as a table, and what else it measured. */
export function benchView(run: BenchRun | null, {name}: {name: string}): BenchView {
  const root = h("section", {class: "wb-bench", "aria-label": name});
  const update = (next: BenchRun): void => {
    const lengths = [...new Set(next.rows.filter(({ms}) => ms !== null).map(({length}) => length))].sort(
      (a, b) => a - b
    );
    const usual = lengths.toSorted(
      (a, b) => next.rows.filter((row) => row.length === b).length - next.rows.filter((row) => row.length === a).length
    )[0];
    const dots = benchDots({
      rows: Math.min(20, new Set(next.rows.filter(({length}) => length === usual).map(rowWords)).size)
    });
    const choice = h(
      "select",
      {"aria-label": "Tokens of a sentence", onchange: () => dots.update(next, Number(choice.value))},
      lengths.map((length) =>
        h("option", {value: length, selected: length === usual}, `${formatInteger(length)} tokens`)
      )
    );
    root.replaceChildren(
      h("h3", {}, name),
      facts(next),
      h("div", {class: "wb-bench-best"}, bestWords(next)),
      ...(lengths.length > 1
        ? [h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, "Sentences of", choice))]
        : []),
      dots,
      h("details", {class: "wb-options"}, h("summary", {}, "All rows: spread, self-test, memory"), benchTable(next)),
      ...extras(next)
    );
    dots.update(next, usual);
  };
  if (run !== null) update(run);
  return extend(root, {update});
}

function facts({machine, versions, model, date, command}: BenchRun): HTMLElement {
  const {processor, cores, memoryGB, gpu, system, load} = machine;
  const parts = [
    gpu,
    `${processor ?? "processor not told by the browser"}, ${cores} cores`,
    memoryGB === null ? null : `${formatNumber(memoryGB)} GB`,
    system
  ].filter((part) => part !== null);
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return h(
    "p",
    {class: "wb-small wb-bench-facts"},
    `${parts.join("; ")}. ${programs.join(", ")}. Model: ${model.name} (${model.layers} layers, ${model.width} wide). ${date.slice(0, 16).replace("T", " ")} UTC. `,
    h("code", {}, command),
    load === null ? null : h("strong", {}, ` ${load}.`)
  );
}

/** The fastest row of each way that passes, at the usual length, and how many times it is the seed's. */
function bestWords(run: BenchRun): HTMLElement[] {
  const usual = Math.max(...run.rows.map(({length}) => length).filter((length) => length < 1500));
  const found = (Object.keys(wayWords) as BenchWay[]).flatMap((way) => {
    const best = fastestRow(run, (row) => row.way === way && row.length === usual);
    return best === null ? [] : [best];
  });
  if (found.length === 0) return [h("span", {}, "No row of this run both ran and passed its self-test.")];
  const sorted = found.toSorted((a, b) => a.ms!.median - b.ms!.median);
  const words = sorted.map((row) => {
    const times = timesSeed(run, row);
    const seed = times === null ? "" : `, ${formatNumber(times, 2)} times the seed's way there`;
    return `${rowWords(row)}, batch ${row.batch}: ${formatNumber(row.ms!.median)} ms (n = ${row.ms!.n})${seed}`;
  });
  const heading = `The fastest of each kind that pass, per cell of ${formatInteger(usual)} tokens:`;
  return [
    h("span", {}, heading),
    h(
      "ul",
      {},
      words.map((line) => h("li", {}, line))
    )
  ];
}

function extras({cold, long, endToEnd, stages, downloads}: BenchRun): HTMLElement[] {
  const stageRow = ({stage, what, ms, cells}: StageTime) => [
    `${stage}: ${what}`,
    formatNumber(ms.median),
    `${formatNumber(ms.low)} to ${formatNumber(ms.high)}`,
    `${ms.n} × ${cells}`
  ];
  const coldRow = ({name, ms, bytes}: ColdPart) => [name, formatDuration(ms), bytes === null ? "" : formatBytes(bytes)];
  const tables = [
    ...cold.map(({what, parts}) =>
      cardTable({caption: `Cold start: ${what}`, head: ["part", "time", "bytes"], groups: [[null, parts.map(coldRow)]]})
    ),
    ...(stages.length === 0
      ? []
      : [
          cardTable({
            caption: "Stage by stage, ms a cell",
            head: ["stage", "median", "least to most", "repeats × cells"],
            groups: [[null, stages.map(stageRow)]]
          })
        ]),
    ...endToEnd.map(({what, cells, total, encoder}) =>
      cardTable({
        caption: `${formatInteger(cells)} cells, from file to vectors: ${what}`,
        head: ["", "time"],
        groups: [
          [
            null,
            [
              ["whole", formatDuration(total)],
              ["of it the model's calls", `${formatDuration(encoder)} (${formatNumber((100 * encoder) / total, 3)} %)`]
            ]
          ]
        ]
      })
    ),
    ...long.map(({what, cells, pieces}) =>
      cardTable({
        caption: `${formatInteger(cells)} cells in one session: ${what}`,
        head: ["cells", "ms a cell", "memory"],
        groups: [
          [
            null,
            pieces.map(({cells: some, ms, memory}, i) => [
              formatInteger((i + 1) * some),
              formatNumber(ms),
              memory === null ? "–" : `${formatInteger(memory)} MB`
            ])
          ]
        ]
      })
    ),
    ...(downloads.length === 0
      ? []
      : [
          cardTable({
            caption: "What a browser fetches, uncompressed",
            head: ["file", "size"],
            groups: [
              [null, downloads.map(({name, bytes}) => [name, bytes === 0 ? "nothing more" : formatBytes(bytes)])]
            ]
          })
        ])
  ];
  return tables.length === 0
    ? []
    : [
        h(
          "details",
          {class: "wb-options"},
          h("summary", {}, "Cold start, stages, long run, downloads"),
          h("div", {class: "wb-bench-cards"}, tables)
        )
      ];
}
