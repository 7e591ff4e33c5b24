import type {AnnData} from "../anndata/anndata.js";
import {columnAsText} from "../anndata/column.js";
import {filterByQuality} from "../cells/quality-filter.js";
import type {CellQuality} from "../cells/quality.js";
import {selectRows} from "../cells/select-rows.js";
import {WorkbookError} from "../errors.js";
import {type CellChoice, hasThresholds} from "./cell-choice.js";

/**
 * Rows that a choice means, ascending: those that pass its thresholds, and the selection among these; null for all of the
 * file. `quality` is asked for only if there are thresholds. Throws a WorkbookError of domain "cells": "none-left" if the
 * thresholds remove every cell, "bad-rows" for a row that the file has not, what `selectRows` and the reader throw.
 */
export async function chosenRows(
  anndata: AnnData,
  {cells, thresholds}: CellChoice,
  quality: () => Promise<CellQuality>
): Promise<Int32Array | null> {
  const {nObs} = anndata;
  if (cells.mode === "rows") return namedRows(cells.rows, anndata);
  const kept = hasThresholds(thresholds) ? filterByQuality(await quality(), thresholds).kept : null;
  if (kept?.length === 0) {
    throw new WorkbookError({
      domain: "cells",
      code: "none-left",
      fault: `the quality thresholds remove all ${nObs} cells`,
      remedy: "lower them under Quality control"
    });
  }
  const groups = cells.mode === "stratified" ? groupNumbers(anndata, cells.column) : undefined;
  if (kept === null || kept.length === nObs) return selectRows(cells, nObs, groups);
  const places = selectRows(cells, kept.length, groups && kept.map((row) => groups[row]));
  return places === null ? kept : places.map((place) => kept[place]);
}

function namedRows(rows: readonly number[], {name, nObs}: AnnData): Int32Array {
  const wrong = rows.find(
    (row, i) => !Number.isInteger(row) || row < 0 || row >= nObs || (i > 0 && row <= rows[i - 1])
  );
  if (wrong === undefined) return Int32Array.from(rows);
  throw new WorkbookError({
    domain: "cells",
    code: "bad-rows",
    fault: `row ${wrong} cannot be used: ${name} has ${nObs} cells, and rows are named once, in ascending order`,
    remedy: `name rows from 0 to ${nObs - 1}`
  });
}

/** A number for each value of an obs column, in the order in which values first stand. */
function groupNumbers(anndata: AnnData, column: string): Int32Array {
  const numbers = new Map<string | null, number>();
  const values = columnAsText(anndata.column("obs", column));
  return Int32Array.from(values, (value) => numbers.get(value) ?? (numbers.set(value, numbers.size), numbers.size - 1));
}
