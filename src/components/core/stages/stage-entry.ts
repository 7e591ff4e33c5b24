import type {Table} from "apache-arrow";
import {tableOfStage, type TableName} from "../pipeline/events.js";
import type {StageName} from "../types.js";
import type {LiveFrame} from "./frame-table.js";
import type {StageDescription} from "./stage.js";
import type {StageStatus} from "./status.js";

/** Somebody who waits for a table of a stage. */
export interface Waiter {
  table: TableName;
  resolve(table: Table): void;
  reject(error: unknown): void;
}

/** What a scheduler knows of the stage at one address. */
export interface StageEntry {
  /** The last description that was asked for: the device may be another each time. */
  stage: StageDescription;
  tables: Map<TableName, Table>;
  waiters: Set<Waiter>;
  listeners: Set<(frame: LiveFrame) => void>;
  status: StageStatus;
  /** A person let it run, however long it takes. */
  allowed: boolean;
  /** It is to be computed although it is there. */
  anew: boolean;
  /** Looked for in the store. */
  sought: boolean;
  /** Milliseconds that it will take; null: not known. */
  estimate: number | null;
  canceled: boolean;
  error: unknown;
}

/** An entry of a stage that nobody has asked for. */
export function stageEntry(stage: StageDescription): StageEntry {
  return {
    stage,
    tables: new Map(),
    waiters: new Set(),
    listeners: new Set(),
    status: idleStatus(stage.name),
    allowed: false,
    anew: false,
    sought: false,
    estimate: null,
    canceled: false,
    error: null
  };
}

/** A stage of which nothing is computed. */
export function idleStatus(stage: StageName): StageStatus {
  return {stage, state: "idle", done: 0, total: 0, ms: 0, stored: false};
}

/** True if somebody waits for a table that is not there. */
export function isWanted({waiters, tables}: StageEntry): boolean {
  return [...waiters].some(({table}) => !tables.has(table));
}

/** True if it is wanted, and no person has to say Run first. */
export function isReady(entry: StageEntry): boolean {
  const {state} = entry.status;
  return (entry.anew || isWanted(entry)) && state !== "waiting" && state !== "error";
}

/** Hands a table to those who wait for it. */
export function settle(entry: StageEntry, name: TableName, table: Table): void {
  entry.tables.set(name, table);
  if (tableOfStage[entry.stage.name] === name) Object.assign(entry, {error: null, canceled: false});
  for (const waiter of [...entry.waiters]) if (waiter.table === name) waiter.resolve(table);
}
