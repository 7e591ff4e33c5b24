import type {Table} from "apache-arrow";
import {isAbort} from "../core/errors.js";
import type {TableName} from "../core/pipeline/events.js";
import type {ResultTables} from "../views/result-tables.js";

/** Milliseconds after which a table that does not come is taken from the view. */
const patience = 200;

/** Shows tables as they come, in the order in which they are named. Resolves when all are there, or no longer wanted. */
export async function fillTables(view: ResultTables, asked: Partial<Record<TableName, Promise<Table>>>): Promise<void> {
  const found = new Map<TableName, Table>();
  const names = Object.keys(asked) as TableName[];
  let isLate = false;
  const show = (): void => {
    if (!isLate && found.size < names.length) return;
    view.update(new Map(names.flatMap((name) => (found.has(name) ? [[name, found.get(name)!]] : []))));
  };
  const timer = setTimeout(() => {
    isLate = true;
    show();
  }, patience);
  const take = async (name: TableName): Promise<void> => {
    found.set(name, await asked[name]!);
    show();
  };
  try {
    await Promise.all(names.map(take));
  } catch (error) {
    if (!isAbort(error)) throw error;
  } finally {
    clearTimeout(timer);
  }
}
