import type {Table} from "apache-arrow";
import {tableOfStage, type TableName} from "../pipeline/events.js";
import {stageNames, type StageName} from "../types.js";
import type {LiveFrame} from "./frame-table.js";
import type {OpenFile, StageDescription} from "./stage.js";
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

/** Lets a stage that waits, or has failed, be tried again; one that is done or has not begun stays as it is. */
export function release(entry: StageEntry, allowed: boolean): void {
  const {state} = entry.status;
  if (state !== "waiting" && state !== "error") return;
  Object.assign(entry, {allowed, sought: false, error: null, canceled: false, status: idleStatus(entry.stage.name)});
}

/** Takes another opening of the same file. What went wrong with the one before (`isFaulty`) says nothing of it. */
export function reopenEntry(entry: StageEntry, file: OpenFile, isFaulty: boolean): void {
  entry.stage = {...entry.stage, file};
  if (!isFaulty) return;
  release(entry, false);
  entry.error = null;
}

/** Hands a table to those who wait for it. */
export function settle(entry: StageEntry, name: TableName, table: Table): void {
  entry.tables.set(name, table);
  if (tableOfStage[entry.stage.name] === name) Object.assign(entry, {error: null, canceled: false});
  for (const waiter of [...entry.waiters]) if (waiter.table === name) waiter.resolve(table);
}

/** Remembers what there is of a stage before it is computed anew; `restore` brings back what of it has not come again, and hands it to those who wait. */
export function keptEntry(entry: StageEntry): {restore(): void} {
  const {status} = entry;
  const tables = [...entry.tables];
  return {
    restore() {
      if (status.state !== "done" || entry.status.state === "done") return;
      for (const [name, table] of tables) if (!entry.tables.has(name)) settle(entry, name, table);
      entry.status = status;
    }
  };
}

/** Forgets what nobody waits for, but for the last `most` of each stage. */
export function forgetIdle(entries: Map<string, StageEntry>, most: number): void {
  for (const name of stageNames) {
    const idle = [...entries].filter(
      ([, {stage, waiters, listeners}]) => stage.name === name && waiters.size + listeners.size === 0
    );
    for (const [address] of idle.slice(0, Math.max(0, idle.length - most))) entries.delete(address);
  }
}
