import {Field, makeData, RecordBatch, Schema, Struct, Table, Uint16, Uint8} from "apache-arrow";
import type {Data, DataType} from "apache-arrow";
import {WorkbookError} from "../errors.js";

/** Mean expression of cell types, the ground that the demo's cells are drawn from (docs/demo-data.md). */
export interface DemoProfiles {
  /** Model token of each gene. */
  tokens: Uint16Array;
  /** Over-dispersion of each gene between cells of one type: variance = mean + dispersion x mean^2. */
  dispersion: Float64Array;
  types: DemoProfile[];
}

/** One cell type. */
export interface DemoProfile {
  name: string;
  /** Share of each gene in a cell's counts; sums to 1. */
  abundance: Float64Array;
}

/** Smallest share that is told from none, and steps an octave: 255 codes end at 0.031; a step is 5.4 % wide. */
const abundanceScale = {least: 5e-8, steps: 13.2};
/** 255 codes from 0.01 to 11, 2.8 % apart. */
const dispersionScale = {least: 0.01, steps: 25};

/**
 * The profiles as an Arrow table: token UInt16, dispersion UInt8, then a UInt8 column a type, all on logarithmic scales
 * (`code` 0: none; else least x 2^((code - 1) / steps)). `source` goes into the schema metadata. With 13 types 16 bytes
 * a gene.
 */
export function profilesTable({tokens, dispersion, types}: DemoProfiles, source: string): Table {
  const columns: [string, DataType, Uint8Array | Uint16Array][] = [
    ["token", new Uint16(), tokens],
    ["dispersion", new Uint8(), encode(dispersion, dispersionScale)],
    ...types.map(({name, abundance}): [string, DataType, Uint8Array] => [
      name,
      new Uint8(),
      encode(abundance, abundanceScale)
    ])
  ];
  const fields = columns.map(([name, type]) => new Field(name, type, false));
  const schema = new Schema(fields, new Map([["source", source]]));
  const children = columns.map(([, type, data]) => makeData({type, data, length: data.length} as never) as Data);
  const struct = makeData({type: new Struct(fields), length: tokens.length, nullCount: 0, children});
  return new Table(schema, [new RecordBatch(schema, struct)]);
}

/**
 * Reads what `profilesTable` wrote; abundances are within 2.7 % of what was given (from 5e-8 to 0.031), then scaled to
 * sum to 1. Throws a WorkbookError of domain "table" if a column is missing or of another type, or if a type has no
 * expression at all.
 */
export function readProfiles(table: Table): DemoProfiles {
  const names = table.schema.fields.map(({name}) => name);
  const types = names.filter((name) => name !== "token" && name !== "dispersion");
  if (types.length === 0) throw notProfiles(`a column a cell type is missing: there are ${names.join(", ")}`);
  return {
    tokens: Uint16Array.from(column(table, "token", "Uint16")),
    dispersion: decode(column(table, "dispersion", "Uint8"), dispersionScale),
    types: types.map((name) => ({name, abundance: shares(name, decode(column(table, name, "Uint8"), abundanceScale))}))
  };
}

interface LogScale {
  least: number;
  steps: number;
}

function encode(values: Float64Array, {least, steps}: LogScale): Uint8Array {
  return Uint8Array.from(values, (value) =>
    value < least / 2 ? 0 : Math.min(255, Math.max(1, 1 + Math.round(steps * Math.log2(value / least))))
  );
}

function decode(codes: Iterable<number>, {least, steps}: LogScale): Float64Array {
  return Float64Array.from(codes, (code) => (code === 0 ? 0 : least * 2 ** ((code - 1) / steps)));
}

function shares(name: string, values: Float64Array): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) throw notProfiles(`"${name}" expresses no gene`);
  return values.map((value) => value / total);
}

function column(table: Table, name: string, type: string): Iterable<number> {
  const found = table.getChild(name);
  if (found === null) throw notProfiles(`column "${name}" is missing`);
  if (String(found.type) !== type) throw notProfiles(`column "${name}" is ${String(found.type)} instead of ${type}`);
  return found as Iterable<number>;
}

function notProfiles(what: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "not-profiles",
    fault: `This is no table of cell types' profiles: ${what}`,
    remedy: "Give the table that scripts/make-demo-profiles.ts writes"
  });
}
