import type {SeedRule} from "../types.js";
import type {PreparedCells} from "./prepare-cells.js";

/**
 * What a person should know of the seeds of a run on `rows`: nothing under the reference's rule; by name, that it is not the
 * reference's, and where names do not tell cells apart. `names` are those of all cells of the file.
 */
export function seedNotices(rule: SeedRule, rows: Int32Array, names: readonly string[]): PreparedCells["notices"] {
  if (rule === "row") return [];
  const notices: PreparedCells["notices"] = [
    {
      severity: "info",
      code: "seeds-by-name",
      message:
        "sampling seeds come from the cells' names, which is not the reference's rule: vectors differ from UCE-brain's within the noise of sampling"
    }
  ];
  const chosen = Array.from(rows, (row) => names[row]);
  const shared = chosen.length - new Set(chosen).size;
  if (shared > 0) {
    notices.push({
      severity: "warning",
      code: "seeds-shared",
      message: `${shared} cell${shared === 1 ? " has" : "s have"} the name of another cell, and so its sampling seed`
    });
  }
  if (chosen.length > 1 && chosen.every((name, i) => name === String(rows[i]))) {
    notices.push({
      severity: "warning",
      code: "seeds-of-row-names",
      message:
        "the cells' names are their row numbers, so that seeds by name move with the order of the file all the same"
    });
  }
  return notices;
}
