import {mostChosen} from "../../core/stages/cell-choice.js";
import type {RunEvent, RunOrder, StageHost} from "../../core/stages/stage-host.js";
import type {OpenFile, StageDescription} from "../../core/stages/stage.js";
import {tableFromBytes} from "../../core/tables/file.js";
import type {StageName} from "../../core/types.js";
import type {WorkbookClient} from "./client.js";
import {rememberedPace, rememberPace} from "./pace.js";
import type {BrowserSource, WorkerEvent} from "./protocol.js";
import {markedRun, markRun} from "./run-mark.js";

/** A run that takes no longer than this may begin unasked, milliseconds. */
const patience = 60_000;
/** Milliseconds a cell up to each stage's table, as measured in Chromium on two cores (0.5, 0.8 and 3.5), and room for slow disks. */
const msPerCell = {load: 1, normalize: 1.5, sample: 4.5};
/** Milliseconds a cell of what embedding does beside the model's calls: cells are read while it computes. */
const msPerCellRead = 1;
/** Milliseconds a cell to find neighbors and lay out: what 20,000 cells of width 512 take on two cores (docs/maps.md). */
const msPerCellLaidOut = 4;
/** Cells of which any device embeds a first map within a minute, before its pace is known. */
const fewCells = 300;

/** The host of a page's stages: the worker computes, and what would take over a minute waits for a person. */
export class PageHost implements StageHost {
  readonly attended: boolean;
  readonly #client: WorkbookClient;
  readonly #sourceOf: (file: OpenFile) => BrowserSource;
  /** The run that the page before, or this one before a reload, was in the middle of. */
  readonly #cutOff = markedRun();

  constructor(client: WorkbookClient, sourceOf: (file: OpenFile) => BrowserSource, {attended}: {attended: boolean}) {
    this.#client = client;
    this.#sourceOf = sourceOf;
    this.attended = attended;
  }

  async run({until, wanted, reuse}: RunOrder, onEvent: (event: RunEvent) => void, signal: AbortSignal) {
    const {file, chain, name} = until;
    const pace = {sentences: 0, ms: 0};
    const hear = (event: WorkerEvent): void => {
      if (event.type === "table") {
        const {stage, name, bytes, stored} = event;
        onEvent({type: "table", stage, name, table: tableFromBytes(bytes, name), ...(stored && {stored})});
        return;
      }
      if (event.type === "batch") {
        pace.sentences += event.rows.length * chain.parameters.average;
        pace.ms += event.ms;
      }
      onEvent(event);
    };
    const order = {source: this.#sourceOf(file), chain, until: name, wanted, reuse};
    const whole = await this.#client.run(order, hear, signal).finally(() => {
      // What is finished is stored, however a run ends.
      if (reuse !== "only") document.dispatchEvent(new Event("workbook-storage"));
    });
    if (pace.sentences > 0) {
      const {hash} = await this.#client.model(chain.model);
      rememberPace(hash, pace.ms / pace.sentences);
    }
    return whole;
  }

  async permission(stage: StageDescription, missing: ReadonlySet<StageName>) {
    const {chain, name, address} = stage;
    const cells = mostChosen(chain.choice, stage.file.inspection.nObs);
    const layout = name === "umap" ? cells * msPerCellLaidOut : 0;
    if (name === "umap" && !missing.has("embed")) return {allowed: layout <= patience, ms: layout};
    if (name === "load" || name === "normalize" || name === "sample") {
      const ms = cells * msPerCell[name];
      return {allowed: ms <= patience, ms};
    }
    const read = cells * msPerCellRead;
    const {hash} = await this.#client.model(chain.model);
    const pace = rememberedPace(hash);
    const sentences = cells * chain.parameters.average;
    const ms = pace === null ? null : read + pace * sentences + layout;
    const isQuick = ms === null ? sentences <= fewCells : ms <= patience;
    return {allowed: isQuick || address === this.#cutOff, ms};
  }

  mark(address: string | null): void {
    markRun(address);
  }
}
