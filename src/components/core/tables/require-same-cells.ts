import type {Table} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import {readFullText, readInt32} from "./read-columns.js";
import {readProvenance} from "./provenance.js";

/**
 * Throws a WorkbookError of domain "table", code "mismatched-tables", unless `second` was made of `first`: the same cells in
 * the same rows and order, and, where both say so, of the same file, model and sampling. Names are for messages.
 */
export function requireSameCells(first: Table, second: Table, [name, other]: [string, string]): void {
  const refuse = (what: string): never => {
    throw new WorkbookError({
      domain: "table",
      code: "mismatched-tables",
      fault: `${other} was not made of ${name}: ${what}`,
      remedy: `make it again: node src/cli.js umap ${name} --out ${other}`
    });
  };
  if (first.numRows !== second.numRows) refuse(`it has ${second.numRows} cells, the other ${first.numRows}`);
  const [ids, otherIds] = [readFullText(first, "cell_id"), readFullText(second, "cell_id")];
  const [rows, otherRows] = [readInt32(first, "row"), readInt32(second, "row")];
  const at = ids.findIndex((id, i) => id !== otherIds[i] || rows[i] !== otherRows[i]);
  if (at >= 0) {
    refuse(`its cell ${at} is "${otherIds[at]}" (row ${otherRows[at]}), there it is "${ids[at]}" (row ${rows[at]})`);
  }
  const [before, after] = [readProvenance(first), readProvenance(second)];
  if (before === null || after === null) return;
  if (before.source.identity !== after.source.identity) refuse(`it is of another file, ${after.source.name}`);
  if (before.model?.hash !== after.model?.hash) refuse("it is of another model");
  if (before.model?.precision !== after.model?.precision) refuse("it is of weights of another precision");
  for (const key of Object.keys(before.parameters)) {
    const [here, there] = [before.parameters[key], after.parameters[key]].map((value) => JSON.stringify(value));
    if (here !== there) refuse(`its parameter ${key} is ${there}, there it is ${here}`);
  }
}
