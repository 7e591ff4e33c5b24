import {tableFromIPC, type Table} from "apache-arrow";
import {selectRows, type CellSelection} from "../core/cells/select-rows.js";
import {isAbort} from "../core/errors.js";
import {defaultParameters, type TableName} from "../core/pipeline/events.js";
import type {Sampling} from "../core/types.js";
import {tableToFileBytes} from "../core/tables/file.js";
import {WorkbookClient} from "../runtime/browser/client.js";
import type {BackendChoice, ModelFacts, OpenedFile, WorkerEvent} from "../runtime/browser/protocol.js";
import {cellChoice} from "../views/cell-choice.js";
import {dataSource} from "../views/data-source.js";
import {deviceBadge} from "../views/device-badge.js";
import {h} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {matrixPicker} from "../views/matrix-picker.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {scoreCard} from "../views/score-card.js";
import {tableView} from "../views/table-view.js";
import {mapPanel} from "./map-panel.js";
import {groupsOf, matrixRows, stratifiable} from "./opened-file.js";
import {rememberedPace, rememberPace} from "./pace.js";
import {stageCards} from "./stage-cards.js";

/** What the workbook page is made with. */
export interface WorkbookOptions {
  /** The embedded demo. */
  demo: () => Promise<Blob>;
  /** Backend asked for in the address (?backend=); "auto" otherwise. */
  backend?: BackendChoice;
}

/** The page's element, and what scripts and tests can ask of it. */
export type Workbook = HTMLElement & {
  /** Ends the worker and stops listening to drops. */
  dispose(): void;
  readonly client: WorkbookClient;
  /** Tables of the last run so far, by name. */
  readonly results: ReadonlyMap<TableName, Table>;
  /** A table of the last run as the bytes of an Arrow file, as its download has them; null if there is none. */
  tableBytes(name: TableName): Uint8Array | null;
};

/** Runs that take no longer than this begin by themselves when a file is opened. */
const patience = 60_000;
const demoName = "demo.h5ad";

/**
 * The whole workbook: data, matrix, cells, the chain with its cards, the map as it forms, the tables. It opens the demo and
 * runs it without a click. Call `dispose` when it leaves the page.
 */
export function workbook({demo, backend = "auto"}: WorkbookOptions): Workbook {
  const client = new WorkbookClient();
  const notices = noticeList();
  const source = dataSource({state: "nothing"});
  const badge = deviceBadge({backend: null});
  const statement = h("p", {class: "wb-small wb-statement"});
  const settings = h("div", {class: "wb-settings", hidden: true});
  const runButton = h("button", {type: "button", class: "wb-button wb-button-main", disabled: true, onclick: () => void run()}, "Run");
  const cards = stageCards(() => client.cancel());
  const panel = mapPanel(() => `${formatCount(embedded, "cell")} placed by UMAP from the model's vectors. ${untrained()}`, () => void score());
  const scores = scoreCard();
  const tables = h("div", {class: "wb-tables"});
  let model: ModelFacts | null = null;
  let opened: OpenedFile | null = null;
  let isDemo = false;
  let selection: CellSelection = {mode: "all"};
  let choice: ReturnType<typeof cellChoice> | null = null;
  const sampling = h("select", {"aria-label": "Sampling"}, h("option", {value: "reference"}, "as UCE-brain: 1,024 independent draws"), h("option", {value: "low-variance"}, "low-variance: systematic draws, less noise"));
  let embedded = 0;
  let turn = 0;
  const results = new Map<TableName, Table>();

  const untrained = () => (model?.untrained ? "Untrained: structure reflects composition and position only." : "");

  function describe(): void {
    const about = model === null ? "" : `Model: ${model.name}, ${model.layers} layers of width ${model.width}, ${formatCount(model.genes, "gene")}. `;
    const data = isDemo ? "The demo is simulated from published profiles that the model was trained on: it shows the software, not its performance." : "";
    const weights = model?.untrained ? `Its weights are random. ${untrained()} ` : model?.note ? `It was ${model.note}. ` : "";
    statement.textContent = about + weights + data;
  }

  async function open(blob: Blob, name: string, matrix: string | null = null): Promise<void> {
    const mine = ++turn;
    await settle();
    if (mine !== turn) return;
    isDemo = blob === demoBlob;
    runButton.disabled = true;
    notices.update([]);
    source.update({state: "reading", name, size: blob.size});
    cards.opening();
    try {
      const file = await client.open({blob, name, matrix, geneColumn: null});
      if (mine !== turn) return;
      model ??= await client.model();
      if (mine !== turn) return;
      current = {blob, name, matrix};
      opened = file;
      show(file);
      describe();
      const failing = file.inspection.problems.find(({severity}) => severity === "error");
      if (failing !== undefined) return cards.fail(failing.message);
      runButton.disabled = false;
      cards.reset();
      if (isDemo || estimate() <= patience) await run();
    } catch (error) {
      if (mine !== turn) return;
      opened = null;
      settings.hidden = true;
      panel.close();
      tables.replaceChildren();
      if (isAbort(error)) {
        source.update({state: "nothing"});
        return cards.cancelled("cancelled; open a file to begin again");
      }
      source.update({state: "error", name, error});
      cards.fail(noticeOf(error).message);
    }
  }

  let current: {blob: Blob; name: string; matrix: string | null} | null = null;
  let demoBlob: Blob | null = null;
  let running: Promise<void> = Promise.resolve();

  /** Ends a run that goes on, so that something else can begin. */
  async function settle(): Promise<void> {
    client.cancel();
    await running;
  }

  function estimate(): number {
    const pace = rememberedPace(model?.hash ?? "");
    const cells = selection.mode === "all" ? opened!.cellIds.length : Math.min(selection.n, opened!.cellIds.length);
    return pace === null ? (cells <= 300 ? 0 : Infinity) : pace * cells;
  }

  function show(file: OpenedFile): void {
    const {inspection} = file;
    source.update({
      state: "open", name: file.name, size: file.bytes, cells: inspection.nObs, genes: inspection.nVar,
      aligned: inspection.genes?.aligned, detail: isDemo ? "simulated" : undefined
    });
    for (const problem of inspection.problems) {
      const {code, message, place, remedy, severity} = problem;
      if (severity !== "info") notices.add({severity, code, message, place, remedy});
    }
    const picker = matrixPicker(matrixRows(inspection), inspection.matrix.name, {reason: inspection.matrix.reason, anyMatrix: true});
    picker.addEventListener("choose", (event) => void open(current!.blob, file.name, (event as CustomEvent<string>).detail));
    const fold = h("details", {open: !inspection.matrix.isCounts}, h("summary", {}, `Matrix: ${inspection.matrix.name ?? "none"}`), picker);
    choice = cellChoice({nCells: file.cellIds.length, obsColumns: stratifiable(file), msPerCell: rememberedPace(model?.hash ?? "")});
    selection = choice.value;
    choice.addEventListener("input", () => (selection = choice!.value));
    settings.replaceChildren(fold, choice, h("div", {class: "wb-actions"}, h("label", {class: "wb-field"}, "Sampling", sampling), runButton));
    settings.hidden = false;
    tables.replaceChildren();
    results.clear();
    scores.update(null);
    panel.open(file);
  }

  function run(): Promise<void> {
    if (client.busy) {
      notices.add({severity: "info", code: "busy", message: "a run is going on", remedy: "cancel it first, or wait until it is done"});
      return running;
    }
    return (running = runNow());
  }

  async function runNow(): Promise<void> {
    const file = opened!;
    cards.reset();
    tables.replaceChildren();
    results.clear();
    scores.update(null);
    panel.clear("The map appears here when the cells are embedded");
    badge.update({backend: null, opening: true});
    const pace = {cells: 0, ms: 0, device: {backend: "", name: "", precision: ""}};
    const rows = selectRows(selection, file.cellIds.length, selection.mode === "stratified" ? groupsOf(file, selection.column) : undefined);
    try {
      await client.run(
        {parameters: {...defaultParameters, matrix: file.inspection.matrix.name, sampling: sampling.value as Sampling}, rows, backend, until: "umap"},
        {
          onNotice: (notice) => notices.add(notice),
          onEvent: (event) => {
            cards.apply(event);
            follow(event, pace);
          }
        }
      );
      void score();
      if (pace.cells > 0) rememberPace(model!.hash, pace.ms / pace.cells);
    } catch (error) {
      if (isAbort(error)) cards.cancelled("cancelled; finished cells are kept for the next run");
      else {
        notices.add(noticeOf(error));
        cards.fail(noticeOf(error).message);
      }
    } finally {
      notices.remove("busy");
      notices.remove("queued");
      choice?.update({nCells: file.cellIds.length, obsColumns: stratifiable(file), msPerCell: rememberedPace(model?.hash ?? "")});
    }
  }

  /** Scores the column that colours the map, on the cells of the run that is done. */
  async function score(): Promise<void> {
    const {column} = panel;
    if (column === "" || client.busy || tables.childElementCount === 0) return scores.update(null);
    scores.update("waiting");
    const found = await client.ask("scores", {column}).catch(() => null);
    if (column === panel.column && !client.busy) scores.update(found);
  }

  function follow(event: WorkerEvent, pace: {cells: number; ms: number; device: {backend: string; name: string; precision: string}}): void {
    if (event.type === "notice") notices.add({severity: event.severity, code: event.code, message: event.message});
    else if (event.type === "device") pace.device = event.device;
    else if (event.type === "layout") {
      embedded = event.rows.length;
      panel.layout(event.rows, event.positions, event.epoch < event.epochs ? `epoch ${event.epoch} of ${event.epochs}` : "");
    } else if (event.type === "table") addTable(event.name, tableFromIPC(event.bytes));
    else if (event.type === "batch") {
      pace.cells += event.rows.length;
      pace.ms += event.ms;
    }
    if (event.type === "device" || event.type === "batch") {
      const {backend: id, name, precision} = pace.device;
      badge.update({backend: id, adapter: name.replace(/^[^,]+, /, ""), precision, msPerCell: pace.cells > 0 ? pace.ms / pace.cells : undefined});
    }
  }

  function addTable(name: TableName, table: Table): void {
    results.set(name, table);
    const save = h("button", {type: "button", class: "wb-button wb-button-small", onclick: () => download(name, table)}, "Download (Arrow)");
    const fold = h("details", {}, h("summary", {}, `Table ${name}: ${formatCount(table.numRows, "row")}`));
    fold.addEventListener("toggle", () => fold.append(tableView(table, {title: name, actions: [save]})), {once: true});
    tables.append(fold);
  }

  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    void open(file, file.name);
  });
  source.addEventListener("demo", () => void openDemo());

  async function openDemo(): Promise<void> {
    try {
      demoBlob ??= await demo();
      await open(demoBlob, demoName);
    } catch (error) {
      source.update({state: "error", name: demoName, error});
    }
  }

  void openDemo();
  const element = h("div", {class: "wb-workbook"}, notices, h("div", {class: "wb-top"}, source, h("div", {}, badge, statement)), settings, cards.element, panel.element, scores, tables);
  return Object.assign(element, {
    client,
    results,
    tableBytes(name: TableName) {
      const table = results.get(name);
      return table === undefined ? null : tableToFileBytes(table);
    },
    dispose() {
      turn += 1;
      client.dispose();
      panel.dispose();
      source.dispose();
    }
  });
}


function download(name: string, table: Table): void {
  const address = URL.createObjectURL(new Blob([tableToFileBytes(table)]));
  h("a", {href: address, download: `${name}.arrow`}).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
