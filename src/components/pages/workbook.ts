import type {Table} from "apache-arrow";
import {isAbort} from "../core/errors.js";
import type {TableName} from "../core/pipeline/events.js";
import {tableToFileBytes} from "../core/tables/file.js";
import type {StageName} from "../core/types.js";
import type {WorkbookClient} from "../runtime/browser/client.js";
import type {OpenedFile, WorkerEvent} from "../runtime/browser/protocol.js";
import {cellTable} from "../views/cell-table.js";
import {dataSource} from "../views/data-source.js";
import {deviceBadge} from "../views/device-badge.js";
import {h} from "../views/dom.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {projectorFold} from "../views/projector-fold.js";
import {batchLog} from "./batch-log.js";
import {keepOffer} from "./keep-offer.js";
import {linkedMaps} from "./linked-maps.js";
import {openStatus, problemNotices} from "./opened-file.js";
import {rememberedPace, rememberPace} from "./pace.js";
import {resultTables} from "./result-tables.js";
import {runSettings} from "./run-settings.js";
import {scorePanel} from "./score-panel.js";
import {createSession, type Session} from "./session.js";
import {cellsOf} from "./session-rows.js";
import {stageCards} from "./stage-cards.js";
import {stageFigures} from "./stage-figures.js";
import {statementOf} from "./statement.js";
import {storagePanel} from "./storage-panel.js";
import {changesResults} from "./view-stages.js";
import type {ViewState} from "./view-state.js";

/** What the workbook page is made with. */
export interface WorkbookOptions {
  /** The embedded demo. */
  demo: () => Promise<Blob>;
  /** Addresses of the chapters. */
  chapters?: Partial<Record<StageName, string>>;
  /** The demo's map as it was when the site was made, shown until the first of this visit forms. */
  preview?: () => Promise<DemoMap | null>;
}

/** A map of the demo that a command made. */
export interface DemoMap {
  /** Identity of the demo's file that it belongs to. */
  identity: string;
  rows: number[];
  /** x and y by turns. */
  positions: number[];
}

/** The page's element, and what scripts and tests can ask of it. */
export type Workbook = HTMLElement & {
  /** Ends the worker and stops listening to drops. */
  dispose(): void;
  readonly client: WorkbookClient;
  readonly session: Session;
  /** Tables of the view so far, by name. */
  readonly results: ReadonlyMap<TableName, Table>;
  /** A table of the view as the bytes of an Arrow file, as its download has them; null if there is none. */
  tableBytes(name: TableName): Uint8Array | null;
};

/** Runs that take no longer than this begin by themselves when a file is opened. */
const patience = 60_000;

/**
 * The whole workbook: data, choices, the chain with its cards, the maps as they form, cells, tables. It opens what the address
 * names (the demo unless told), takes what is stored, and runs what is missing if that takes a minute or less. Call
 * `dispose` when it leaves the page.
 */
export function workbook({demo, chapters, preview}: WorkbookOptions): Workbook {
  const session = createSession({demo});
  const log = batchLog(session);
  const {client} = session;
  const notices = noticeList();
  const source = dataSource({state: "nothing"});
  source.append(keepOffer(session));
  const badge = deviceBadge({backend: null});
  const statement = h("p", {class: "wb-small wb-statement"});
  const settings = runSettings(session, {
    run: () => void run(),
    picked: () => void begin(() => session.reopen(), session.file!.name)
  });
  const cards = stageCards(() => session.cancel(), chapters, {figures: true});
  const figures = stageFigures(cards.figure);
  const maps = linkedMaps({
    ask: client.ask.bind(client),
    caption: () => (session.model?.untrained ? "Untrained: structure reflects composition and position only." : ""),
    onColor: (color) => {
      session.change({color});
      void scores.show(color);
    },
    onSelection: (rows) => cells.setSelection(rows),
    onHover: (row) => cells.setHover(row),
    onCell: look
  });
  const scores = scorePanel(session);
  const cells = cellTable({cellIds: [], columns: []});
  const cellFold = h("details", {class: "wb-cells-fold"}, h("summary", {}, "Table of cells"), cells);
  const tables = resultTables();
  const storage = storagePanel(session);
  let turn = 0;
  let pace = {cells: 0, ms: 0, device: {backend: "", name: "", precision: ""}};
  /** The view has changed in mid-run: what the run makes is not all this view's, even if the change is undone. */
  let isOther = false;

  function look(row: number): void {
    session.change({cell: row});
    cells.setCell(row);
    maps.cell = row;
  }
  cells.addEventListener("hover", (event) => maps.hover((event as CustomEvent<{row: number | null}>).detail.row));
  cells.addEventListener("cell", (event) => look((event as CustomEvent<{row: number}>).detail.row));
  cells.addEventListener(
    "selection",
    (event) => (maps.selection = (event as CustomEvent<{rows: Int32Array | null}>).detail.rows)
  );

  async function begin(open: () => Promise<OpenedFile>, name: string, size?: number): Promise<void> {
    const mine = ++turn;
    notices.update([]);
    source.update({state: "reading", name, size});
    cards.opening();
    try {
      await open();
      if (mine !== turn) return;
      if (!session.results.has("umap") && (session.interrupted || estimate() <= patience)) await run();
      else settle();
    } catch (error) {
      if (mine !== turn) return;
      if (session.file !== null && isAbort(error)) return cards.canceled("canceled; Run goes on");
      if (session.file !== null) {
        // What was wanted instead cannot be had: the file before is still open.
        show(session.file);
        await takeStored();
        return void notices.add(noticeOf(error));
      }
      settings.close();
      maps.close();
      badge.update({backend: null});
      statement.textContent = "";
      if (isAbort(error)) {
        source.update({state: "nothing"});
        return cards.canceled("canceled; open a file to begin again");
      }
      source.update({state: "error", name, error});
      if (noticeOf(error).code === "file-needed") cards.canceled("waits for the file");
      else cards.fail(error);
    }
  }

  function show(file: OpenedFile): void {
    const {inspection} = file;
    const isDemo = session.view.data === "demo";
    source.update(openStatus(file, isDemo));
    problemNotices(file).forEach(notices.add);
    statement.textContent = statementOf(session.model, isDemo);
    settings.open(file);
    cells.update({cellIds: file.cellIds, columns: file.obs});
    maps.open(file, {color: session.view.color, cell: session.view.cell, geneColumn: session.view.geneColumn});
    cards.reset();
    const failing = inspection.problems.find(({severity}) => severity === "error");
    if (failing !== undefined) cards.fail(failing.message);
    if (isDemo) void paint(file);
  }

  /** The demo's map as the site brings it, until one forms here. */
  async function paint(file: OpenedFile): Promise<void> {
    const known = await preview?.().catch(() => null);
    if (
      !known ||
      known.identity !== file.identity ||
      session.file !== file ||
      session.results.has("umap") ||
      cards.stateOf("umap") !== "idle"
    )
      return;
    maps.layout(
      Int32Array.from(known.rows),
      Float32Array.from(known.positions),
      "the demo's map as this site brings it, until a run here ends"
    );
  }

  function estimate(): number {
    const file = session.file!;
    if (file.inspection.problems.some(({severity}) => severity === "error")) return Infinity;
    const known = rememberedPace(session.model?.hash ?? "");
    const choice = cellsOf(session.view);
    const n = choice.mode === "all" ? file.cellIds.length : Math.min(choice.n, file.cellIds.length);
    return known === null || session.view.data === "demo"
      ? n <= 300
        ? 0
        : Infinity
      : known * n * session.view.average;
  }

  async function run(): Promise<void> {
    if (session.running) {
      notices.add({
        severity: "info",
        code: "busy",
        message: "a run is going on",
        remedy: "cancel it first, or wait until it is done"
      });
      return;
    }
    const anew = session.results.has("umap");
    notices.remove("resumed");
    cards.reset();
    if (anew) session.forget();
    badge.update({backend: null, opening: true});
    pace = {cells: 0, ms: 0, device: {backend: "", name: "", precision: ""}};
    isOther = false;
    const {average} = session.view;
    try {
      await session.run("umap", {anew});
      if (pace.cells > 0) rememberPace(session.model!.hash, pace.ms / pace.cells / average);
    } catch (error) {
      if (pace.device.backend === "") badge.update({backend: null});
      if (isAbort(error)) cards.canceled("canceled; finished cells are kept for the next run");
      else {
        // What a run anew was to replace is still stored.
        const kept = anew && (await session.restore().catch(() => null)) === "umap";
        notices.add(noticeOf(error));
        if (!kept) cards.fail(error);
      }
    } finally {
      notices.remove("busy");
      notices.remove("queued");
      notices.remove("other-choices");
      if (session.file !== null && isOther) await takeStored();
      else settle();
    }
  }

  /** After a run, or what was stored of one: scores, the map of principal components, the buttons. */
  function settle(): void {
    const whole = session.results.has("umap");
    settings.refresh();
    void storage.refresh();
    if (!whole || session.running) return;
    void scores.show(maps.color);
    const rows = session.embeddedRows();
    const {neighbors, minDist, seed, epochs} = session.view;
    void maps.compare({matrix: session.matrix, rows, neighbors, minDist, seed, epochs});
  }

  function follow(event: WorkerEvent): void {
    cards.apply(event);
    figures.apply(event);
    if (event.type === "notice") notices.add({severity: event.severity, code: event.code, message: event.message});
    else if (event.type === "device") pace.device = event.device;
    else if (event.type === "layout")
      maps.layout(
        event.rows,
        event.positions,
        event.epoch < event.epochs ? `epoch ${event.epoch} of ${event.epochs}` : ""
      );
    else if (event.type === "batch") {
      pace.cells += event.rows.length;
      pace.ms += event.ms;
    }
    if (event.type === "device" || event.type === "batch") {
      const {backend, name, precision} = pace.device;
      badge.update({
        backend,
        adapter: name.replace(/^[^,]+, /, ""),
        precision,
        msPerCell: pace.cells > 0 ? pace.ms / pace.cells : undefined
      });
    }
  }

  session.on({
    file: (file) => (file === null ? settings.refresh() : show(file)),
    event: follow,
    notice: (notice) => notices.add(notice),
    results() {
      tables.update(session.results);
      figures.update(session.results);
      if (session.results.has("umap")) return;
      scores.clear();
      if (!session.running) maps.clear("Run to see the map of these cells");
    },
    view: (_, keys) => void changed(keys)
  });

  /** Another choice of cells or parameters: what is stored of it, else the button offers to run what changed. */
  async function changed(keys: ReadonlySet<keyof ViewState>): Promise<void> {
    const others = new Set([...keys].filter((key) => !ofFile.has(key)));
    if (session.file === null || source.dataset["state"] !== "open" || !changesResults(others)) return;
    if (!session.running) return takeStored();
    isOther = true;
    notices.add({
      severity: "info",
      code: "other-choices",
      message: "The run that goes on is of the choices it began with",
      remedy: "let it end, its results are kept, or cancel it; then Run takes the new ones"
    });
  }

  /** Takes what is stored of the view, and offers to run the rest. */
  async function takeStored(): Promise<void> {
    cards.reset();
    await session.restore().catch(() => null);
    settle();
  }

  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    void begin(() => session.pick(file, file.name), file.name, file.size);
  });
  source.addEventListener("demo", () => void begin(() => session.pickDemo(), "demo.h5ad"));
  void begin(() => session.open(), session.view.name ?? "demo.h5ad");

  const element = h(
    "div",
    {class: "wb-workbook"},
    notices,
    projectorFold(
      "File and settings",
      h("div", {class: "wb-top"}, source, h("div", {}, badge, statement)),
      settings.element
    ),
    cards.element,
    maps.element,
    scores.element,
    cellFold,
    projectorFold("Tables and storage", tables.element, storage.element)
  );
  return Object.assign(element, {
    client,
    session,
    results: session.results,
    tableBytes(name: TableName) {
      const table = session.results.get(name);
      return table === undefined ? null : tableToFileBytes(table);
    },
    dispose() {
      turn += 1;
      log.stop();
      session.dispose();
      maps.dispose();
      source.dispose();
    }
  });
}

/** Fields of a view that come with the file: it is opened anew when they change. */
const ofFile = new Set<keyof ViewState>(["matrix", "geneColumn"]);
