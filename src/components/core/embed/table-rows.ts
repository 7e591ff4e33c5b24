import {WorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";

/**
 * Makes the translation of checkpoint tokens into rows of the bundle's table. The returned function checks what an
 * Encoder is asked for: tokens.length = batch x length, 1 <= length <= the model's longest sentence, every token in the
 * table. It throws a WorkbookError of domain "encoder" with the offending numbers.
 */
export function tableRows(
  bundle: Bundle
): (tokens: Int32Array, batch: number, length: number) => Int32Array<ArrayBuffer> {
  const {maxLength} = bundle.manifest.architecture;
  const rowOf = new Int32Array(Math.max(...bundle.tableRow.keys()) + 1).fill(-1);
  for (const [token, row] of bundle.tableRow) rowOf[token] = row;
  return (tokens, batch, length) => {
    if (!(length >= 1 && length <= maxLength)) {
      throw refused("bad-length", `a sentence has ${length} tokens; the model takes 1 to ${maxLength}`);
    }
    if (!(batch >= 1) || tokens.length !== batch * length) {
      throw refused("bad-batch", `${tokens.length} tokens are given for ${batch} sentences of ${length}`);
    }
    const rows = new Int32Array(tokens.length);
    for (let i = 0; i < tokens.length; ++i) {
      const row = rowOf[tokens[i]] ?? -1;
      if (row < 0) {
        const place = `sentence ${Math.floor(i / length)}, position ${i % length}`;
        throw refused("unknown-token", `token ${tokens[i]} (${place}) is not in the model's table`);
      }
      rows[i] = row;
    }
    return rows;
  };
}

function refused(code: string, fault: string): WorkbookError {
  const remedy = "make the sentences with the gene table of the model that embeds them";
  return new WorkbookError({domain: "encoder", code, fault, remedy});
}
