import {basename} from "node:path";
import {Schema, type Table} from "apache-arrow";
import {writeFileAtomically} from "../../adapters/node-files.js";
import {fileOfBatches} from "../../core/tables/file-of-batches.js";
import {provenanceMetadata, readProvenance} from "../../core/tables/provenance.js";
import {readInt32} from "../../core/tables/read-columns.js";
import {planShards, type ShardFacts} from "../../core/tables/plan-shards.js";
import {vectorRows} from "../../core/tables/vector-rows.js";
import type {Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireWritable} from "./outputs.js";
import {readTable} from "./read-table.js";

/** `merge TABLE... --out TABLE`: joins shards in the order of their rows; one of them is in memory at a time. */
export async function runMerge({files, options}: Invocation, context: CommandContext): Promise<void> {
  const {out} = options;
  for (const file of files) await requireWritable(options, file, context);
  const shards: ShardFacts[] = [];
  let fields: Schema["fields"] = [];
  for (const file of files) {
    const table = await readTable(file);
    const {width} = vectorRows(table);
    shards.push({name: basename(file), rows: readInt32(table, "row"), width, provenance: readProvenance(table)});
    fields = table.schema.fields;
  }
  const {order, provenance, missing} = planShards(shards, options["partial"] !== undefined);
  if (missing !== null) context.progress.note(`rows ${missing} of the file are missing`);
  const schema = new Schema(fields, provenanceMetadata(provenance));
  const pieces = fileOfBatches(schema, inOrder(order, files));
  if (out === "-") for await (const piece of pieces) await context.stdout.write(piece);
  else await writeFileAtomically(out, pieces);
  const cells = shards.reduce((sum, {rows}) => sum + rows.length, 0);
  if (options["json"]) context.print(JSON.stringify({out, cells, tables: files.length, missing}));
  else context.print(`${out}: ${cells} cells of ${files.length} table${files.length === 1 ? "" : "s"}`);
}

async function* inOrder(order: readonly number[], files: readonly string[]): AsyncGenerator<Table> {
  for (const place of order) yield await readTable(files[place]);
}
