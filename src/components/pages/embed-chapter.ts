import type {Table} from "apache-arrow";
import {breakNames, type BreakName} from "../core/pipeline/broken-cells.js";
import {isAbort} from "../core/errors.js";
import {tableToCsv} from "../core/tables/csv.js";
import {tableToFileBytes} from "../core/tables/file.js";
import {readProvenance} from "../core/tables/provenance.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import type {EmbeddingRows} from "../runtime/browser/services/embedding-rows.js";
import {architectureFigure} from "../views/architecture-figure.js";
import {batchTimes} from "../views/batch-times.js";
import {breakBench} from "../views/break-bench.js";
import {obsText} from "../views/cell-descriptions.js";
import {cosineView} from "../views/cosine-view.js";
import {h} from "../views/dom.js";
import {download} from "../views/download.js";
import {heatMap, type HeatMapData} from "../views/heat-map.js";
import {noticeOf} from "../views/notice-list.js";
import {tableView} from "../views/table-view.js";
import {chapter} from "./chapter.js";
import {chosenColumn, groupColumns} from "./chapter-column.js";
import type {Session} from "./session.js";

/** The figures of the embed chapter; its page puts prose between them. */
export interface EmbedChapter {
  readonly session: Session;
  /** Data, and the run of the chain up to the vectors. */
  readonly top: HTMLElement;
  readonly architecture: HTMLElement;
  readonly times: HTMLElement;
  /** Column that groups the cells, for the figures below it. */
  readonly column: HTMLElement;
  readonly heat: HTMLElement;
  readonly cosines: HTMLElement;
  readonly bench: HTMLElement;
  readonly table: HTMLElement;
  dispose(): void;
}

const mostRows = 800;
const nothing = "Looking for stored vectors …";

/** Wires the chapter to a session: figures follow the file, the run and the chosen column. */
export function embedChapter(session: Session): EmbedChapter {
  const run = chapter(session, {until: "embed", runsDemo: true});
  const architecture = architectureFigure();
  const times = batchTimes();
  const again = h(
    "button",
    {type: "button", class: "wb-button wb-button-small", onclick: () => void run.run({anew: true})},
    "Embed again, and time it"
  );
  const timesPart = h("div", {}, times, again);
  const heat = heatMap({
    title: "The embeddings",
    caption: "One line a cell, one column a dimension; cells are ordered by group. Orange is above 0, blue below."
  });
  const centered = h("input", {type: "checkbox", checked: true});
  const heatPart = h("div", {}, h("label", {class: "wb-field"}, centered, "minus the mean of each dimension"), heat);
  const cosines = cosineView();
  const bench = breakBench(breakNames);
  const count = h(
    "select",
    {"aria-label": "Cells to try it on"},
    [60, 120, 240].map((n) => h("option", {value: n, selected: n === 60}, `${n} cells`))
  );
  const benchPart = h("div", {}, h("label", {class: "wb-field"}, "Try it on", count, "spread over the groups"), bench);
  const column = h("select", {"aria-label": "Column that groups the cells"});
  const tablePart = h("div", {class: "wb-embed-table"}, h("p", {class: "wb-small"}, nothing));
  const {log} = run;
  let work = new AbortController();
  let vectors: EmbeddingRows | null = null;
  let pending = 0;
  let waiting = nothing;
  const breaking = new Map<BreakName, AbortController>();

  function drawSoon(): void {
    pending ||= window.setTimeout(() => {
      pending = 0;
      times.update(log.batches, waitingForTimes());
    }, 250);
  }

  function waitingForTimes(): string {
    return session.results.has("embeddings")
      ? "These vectors were computed in another visit, which kept no times."
      : "Each call of the model appears here as it ends.";
  }

  const grouped = (file: OpenedFile) => groupColumns(file).find(({name}) => name === column.value) ?? null;

  function fillColumns(file: OpenedFile | null): void {
    const columns = file === null ? [] : groupColumns(file);
    column.replaceChildren(...columns.map(({name}) => h("option", {value: name}, name)));
    column.disabled = columns.length === 0;
    if (file !== null) column.value = chosenColumn(file, session.view.color)?.name ?? "";
  }

  function showHeat(): void {
    const {file} = session;
    heat.update(
      file === null || vectors === null ? null : heatData(file, vectors, grouped(file), centered.checked),
      waiting
    );
  }

  /** Everything that is made of the vectors; what was begun for others is given up. */
  async function refresh(): Promise<void> {
    work.abort();
    const {signal} = (work = new AbortController());
    for (const stop of breaking.values()) stop.abort();
    const ready = session.file !== null && !session.running && session.results.has("embeddings");
    again.disabled = !ready;
    bench.reset(ready && column.value !== "");
    times.update(log.batches, waitingForTimes());
    if (!ready) {
      waiting = session.running ? "The vectors are being computed." : nothing;
      vectors = null;
      showHeat();
      showTable(null);
      return cosines.update(null, waiting);
    }
    showTable(session.results.get("embeddings")!);
    try {
      vectors = await session.client.ask("embeddingRows", {most: mostRows}, {signal});
      showHeat();
      await measure(signal);
      architecture.update(await session.client.ask("architecture", {}, {signal}));
    } catch (error) {
      if (!signal.aborted) run.report(error);
    }
  }

  async function measure(signal: AbortSignal): Promise<void> {
    cosines.update(null, "Comparing pairs of cells …");
    const facts = await session.client.ask("vectorFacts", {column: column.value || null}, {signal});
    cosines.update(facts, "There are fewer than two vectors.");
  }

  async function describeModel(): Promise<void> {
    try {
      architecture.update(await session.client.ask("architecture", {}));
    } catch (error) {
      run.report(error);
    }
  }

  async function breakIt(name: BreakName): Promise<void> {
    // One device, one thing broken at a time.
    for (const [other, stop] of breaking) {
      stop.abort();
      bench.update(other, {state: "idle"});
    }
    const stop = new AbortController();
    breaking.set(name, stop);
    bench.update(name, {state: "running", done: 0, total: 0});
    const {sampling, seeds, geneColumn, backend} = session.view;
    try {
      const scores = await session.client.ask(
        "brokenRun",
        {broken: name, column: column.value, cells: Number(count.value), sampling, seeds, geneColumn, backend},
        {
          signal: stop.signal,
          onProgress: (done, total) => stop.signal.aborted || bench.update(name, {state: "running", done, total})
        }
      );
      if (scores !== null) bench.update(name, {state: "done", scores});
      else bench.update(name, {state: "error", message: "The vectors are not there yet."});
    } catch (error) {
      if (breaking.get(name) !== stop) return;
      const {message, remedy} = noticeOf(error);
      bench.update(name, isAbort(error) ? {state: "idle"} : {state: "error", message: `${message}. ${remedy ?? ""}`});
    } finally {
      if (breaking.get(name) === stop) breaking.delete(name);
    }
  }

  function showTable(table: Table | null): void {
    if (table === null) return tablePart.replaceChildren(h("p", {class: "wb-small"}, waiting));
    const save = (label: string, act: () => Promise<void>) =>
      h(
        "button",
        {type: "button", class: "wb-button wb-button-small", onclick: () => void act().catch(run.report)},
        label
      );
    const provenance = readProvenance(table);
    tablePart.replaceChildren(
      tableView(table, {
        title: "embeddings",
        rows: 6,
        actions: [
          save("Download (Arrow)", async () => download("embeddings.arrow", [tableToFileBytes(table)])),
          save("Download (CSV)", async () => download("embeddings.csv", await csvParts(table)))
        ]
      }),
      h(
        "details",
        {},
        h("summary", {}, "What made it (in the schema's metadata)"),
        h("pre", {tabindex: 0}, JSON.stringify(provenance, null, 2))
      )
    );
  }

  const stop = session.on({
    file(file) {
      fillColumns(file);
      if (file !== null) void describeModel();
      void refresh();
    },
    event: ({type}) => {
      if (type === "batch") drawSoon();
    },
    results: () => void (session.running || refresh()),
    running: () => void refresh()
  });
  column.addEventListener("change", () => {
    session.change({color: `obs:${column.value}`});
    showHeat();
    for (const name of breakNames) bench.update(name, {state: "idle"});
    if (vectors !== null) void measure(work.signal).catch((error: unknown) => work.signal.aborted || run.report(error));
  });
  centered.addEventListener("change", showHeat);
  bench.addEventListener("break", (event) => void breakIt((event as CustomEvent<BreakName>).detail));
  bench.addEventListener("cancel", (event) => breaking.get((event as CustomEvent<BreakName>).detail)?.abort());
  void refresh();

  return {
    session,
    top: run.element,
    architecture: run.instead(architecture, {needs: "file"}),
    times: run.instead(timesPart),
    column: run.instead(h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, "Group cells by", column)), {
      silent: true
    }),
    heat: run.instead(heatPart),
    cosines: run.instead(cosines),
    bench: run.instead(benchPart),
    table: run.instead(tablePart),
    dispose() {
      work.abort();
      for (const controller of breaking.values()) controller.abort();
      clearTimeout(pending);
      stop();
      heat.dispose();
      run.dispose();
    }
  };
}

/** The vectors ordered by group (the largest first), each minus the run's mean if `centered`. */
function heatData(
  file: OpenedFile,
  {rows, vectors, width, means}: EmbeddingRows,
  column: ReturnType<typeof chosenColumn>,
  centered: boolean
): HeatMapData {
  const label = (i: number): string => (column === null ? "all cells" : obsText(column, rows[i]));
  const members = new Map<string, number[]>();
  for (let i = 0; i < rows.length; ++i) {
    if (!members.has(label(i))) members.set(label(i), []);
    members.get(label(i))!.push(i);
  }
  const groups = [...members].sort(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1));
  const order = groups.flatMap(([, cells]) => cells);
  const values = new Float32Array(vectors.length);
  order.forEach((from, to) => {
    for (let j = 0; j < width; ++j) values[to * width + j] = vectors[from * width + j] - (centered ? means[j] : 0);
  });
  return {
    values,
    width,
    column: "dimension",
    row: "cell",
    groups: groups.map(([name, cells]) => ({label: name, size: cells.length})),
    name: (row) => `${file.cellIds[rows[order[row]]]} (${label(order[row])})`
  };
}

/** The table as CSV in parts of some rows, so that neither the page nor one string has to hold all of it at once. */
async function csvParts(table: Table): Promise<string[]> {
  const parts: string[] = [];
  for (let from = 0; from < Math.max(1, table.numRows); from += 500) {
    const text = tableToCsv(table.slice(from, from + 500));
    parts.push(from === 0 ? text : text.slice(text.indexOf("\r\n") + 2));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return parts;
}
