import {WorkbookError} from "../errors.js";
import type {Provenance} from "./provenance.js";

/** What is known of a table of embeddings that is to be joined with others. */
export interface ShardFacts {
  /** File name, for messages. */
  name: string;
  /** Row of each cell in its file. */
  rows: Int32Array;
  /** Width of a vector. */
  width: number;
  provenance: Provenance | null;
}

/** How shards are joined. */
export interface ShardPlan {
  /** The shards, by place, in the order of their rows. */
  order: number[];
  provenance: Provenance;
  /** Rows that no shard has, as text; null if none is known to be missing. */
  missing: string | null;
}

/**
 * How tables of embeddings of one file are joined. Throws a WorkbookError of domain "table" unless they belong together: the same
 * file, model, precision, parameters and software ("mismatched-tables"), no cell in two of them ("overlap"), and, without
 * `partial`, no cell missing between them or, where they say which shard they are, before and after them ("gap").
 */
export function planShards(shards: readonly ShardFacts[], partial = false): ShardPlan {
  const [first] = shards;
  for (const shard of shards) requireSame(first, shard);
  const order = [...shards.keys()].sort((a, b) => shards[a].rows[0] - shards[b].rows[0]);
  const whole = first.provenance!.shard;
  let next = whole?.first ?? shards[order[0]].rows[0];
  const gaps: string[] = [];
  order.forEach((place, i) => {
    const {name, rows} = shards[place];
    for (const row of rows) {
      if (row < next) throw overlap(name, shards[order[Math.max(0, i - 1)]].name, row);
      if (row > next) gaps.push(range(next, row - 1));
      next = row + 1;
    }
  });
  if (whole !== undefined && next <= whole.last) gaps.push(range(next, whole.last));
  const missing = gaps.length === 0 ? null : `${gaps.slice(0, 5).join(", ")}${gaps.length > 5 ? ", ..." : ""}`;
  if (missing !== null && !partial) {
    throw new WorkbookError({
      domain: "table",
      code: "gap",
      fault: `rows ${missing} are in none of the ${shards.length} tables`,
      remedy: "embed what is missing and name its table, too, or add --partial to do without"
    });
  }
  const {shard: _, ...provenance} = first.provenance!;
  return {order, provenance, missing};
}

/** The rows of shard `index` (from 1) of `of` nearly equal ones: consecutive, those of all shards together are `rows`. */
export function shardRows(rows: Int32Array, index: number, of: number): Int32Array {
  const end = (i: number) => Math.floor((rows.length * i) / of);
  return rows.slice(end(index - 1), end(index));
}

function requireSame(first: ShardFacts, {name, width, rows, provenance}: ShardFacts): void {
  const refuse = (
    fault: string,
    remedy = "join tables that the same embed command made, but for --shard or --rows"
  ): never => {
    throw new WorkbookError({domain: "table", code: "mismatched-tables", fault, remedy});
  };
  if (provenance === null || provenance.stage !== "embed") return refuse(`${name} does not say what made it`);
  if (rows.length === 0) return refuse(`${name} has no cells`, "leave it out");
  if (rows.some((row, i) => i > 0 && row <= rows[i - 1])) return refuse(`the rows of ${name} do not ascend`);
  if (width !== first.width)
    return refuse(`vectors of ${name} have ${width} numbers, those of ${first.name} ${first.width}`);
  const difference = differenceOf("", {...first.provenance, shard: undefined}, {...provenance, shard: undefined});
  if (difference !== null) return refuse(`${name} and ${first.name} differ in ${difference}`);
  const [a, b] = [first.provenance?.shard, provenance.shard];
  if (a?.of !== b?.of || a?.first !== b?.first || a?.last !== b?.last)
    return refuse(`${name} is ${shardWords(provenance)}, ${first.name} is ${shardWords(first.provenance!)}`);
}

function shardWords({shard}: Provenance): string {
  return shard === undefined
    ? "no shard"
    : `shard ${shard.index} of ${shard.of} of rows ${range(shard.first, shard.last)}`;
}

/** The first field in which two values differ, with both values; null if they are equal. */
function differenceOf(path: string, a: unknown, b: unknown): string | null {
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = differenceOf(path === "" ? key : `${path}.${key}`, (a as Values)[key], (b as Values)[key]);
      if (found !== null) return found;
    }
    return null;
  }
  return a === b ? null : `${path}: ${JSON.stringify(b)} and ${JSON.stringify(a)}`;
}

type Values = Record<string, unknown>;

function range(from: number, to: number): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function overlap(name: string, other: string, row: number): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "overlap",
    fault: `row ${row} of the file is in ${name} and in ${other}`,
    remedy: "name each shard once"
  });
}
