import type {Table} from "apache-arrow";
import {isAbort} from "../core/errors.js";
import {tableOfStage, type TableName} from "../core/pipeline/events.js";
import type {Counts, Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import type {ResultTables} from "../views/result-tables.js";
import {doneStages} from "./done-stages.js";
import {patience} from "./fill.js";

const order: TableName[] = ["genes", "cells", "sentences", "embeddings", "umap"];

/**
 * Shows the tables of a chain as its stages are done, until the wish is withdrawn; asks for nothing to be computed. Probabilities are left out: of many
 * cells they do not fit into a page.
 */
export async function fillTables(view: ResultTables, tip: Stage, wish: Wish = {}): Promise<void> {
  const signal = wishSignal(wish) ?? new AbortController().signal;
  const found = new Map<TableName, Table>();
  const show = (): void => {
    if (!signal.aborted)
      view.update(new Map(order.flatMap((name) => (found.has(name) ? [[name, found.get(name)!]] : []))));
  };
  const take = async (name: TableName, table: Promise<Table>): Promise<void> => {
    found.set(name, await table);
    // What is there already comes together, so that a table that stays is not taken away in between.
    if (isLate) show();
  };
  const report = (error: unknown): void => {
    if (!isAbort(error)) throw error;
  };
  let isLate = false;
  setTimeout(() => {
    isLate = true;
    show();
  }, patience);
  for await (const {stage} of doneStages(tip, signal)) {
    if (stage.name === "normalize") continue;
    if (stage.name === "load") void take("genes", (stage as Counts).genes({signal})).catch(report);
    void take(tableOfStage[stage.name], stage.table({signal})).catch(report);
  }
}
