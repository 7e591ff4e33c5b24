import {Field, Int32, Schema, Table, Utf8, tableFromIPC, tableToIPC, vectorFromArray} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import type {ModelGene} from "../types.js";

/** genes.arrow (Arrow IPC file): symbol Utf8; token, row, chromosome, start Int32, none of them null. */
export function encodeGeneTable(
  genes: readonly ModelGene[],
  tableRow: ReadonlyMap<number, number>
): Uint8Array<ArrayBuffer> {
  const column = (value: (gene: ModelGene) => number) => vectorFromArray(Int32Array.from(genes, value));
  const int = (name: string) => new Field(name, new Int32(), false);
  const schema = new Schema([
    new Field("symbol", new Utf8(), false),
    ...["token", "row", "chromosome", "start"].map(int)
  ]);
  const table = new Table(schema, {
    symbol: vectorFromArray(
      genes.map((gene) => gene.symbol),
      new Utf8()
    ),
    token: column((gene) => gene.token),
    row: column((gene) => tableRow.get(gene.token) ?? -1),
    chromosome: column((gene) => gene.chromosome),
    start: column((gene) => gene.start)
  });
  return new Uint8Array(tableToIPC(table, "file"));
}

/** Reads genes.arrow; throws a WorkbookError of domain "model" if a column is missing or of another type. */
export function decodeGeneTable(bytes: Uint8Array): {genes: ModelGene[]; rows: Int32Array} {
  const table = readTable(bytes);
  const integers = (name: string): Int32Array => {
    const values: unknown = table.getChild(name)?.toArray();
    if (!(values instanceof Int32Array)) throw badTable(`column ${name} is not Int32 without nulls`);
    return values;
  };
  const [token, rows, chromosome, start] = ["token", "row", "chromosome", "start"].map(integers);
  const symbols = table.getChild("symbol");
  if (symbols === null || symbols.type.typeId !== new Utf8().typeId) throw badTable("column symbol is not Utf8");
  const genes = Array.from({length: table.numRows}, (_, i) => ({
    symbol: String(symbols.get(i)),
    token: token[i],
    chromosome: chromosome[i],
    start: start[i]
  }));
  return {genes, rows};
}

function readTable(bytes: Uint8Array): Table {
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw badTable("it is not an Arrow file", cause);
  }
}

function badTable(what: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "model",
      code: "bad-gene-table",
      fault: `the bundle's gene table cannot be read: ${what}`,
      place: "genes.arrow",
      remedy: "convert the checkpoint again"
    },
    {cause}
  );
}
