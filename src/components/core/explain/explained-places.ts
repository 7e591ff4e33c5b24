import {otherWidth} from "../reference/other-width.js";
import {voteLabels, type VotedLabel} from "../reference/vote-labels.js";
import type {Reference} from "../reference/reference.js";
import {nearestButOne} from "../vectors/nearest-but-one.js";
import {sharedCells} from "../vectors/shared-cells.js";
import type {CellExplanation} from "./explain-cell.js";

/** What a cell's vector is compared with. */
export interface ExplainedSpace {
  /** Vectors of the file's cells, by their rows: whose neighbors are told; null: none are. */
  space?: {rows: Int32Array; vectors: Float32Array; width: number} | null;
  /** Labeled cells that vote. `rows`: where they are cells of the same file, their rows, so that a cell does not vote for itself. */
  labeled?: {reference: Reference; rows: Int32Array | null} | null;
}

/** Where one mean vector lies. */
export interface VectorPlace {
  /** Share of the cell's 15 nearest cells that are still among the 15 nearest; null without a space. */
  kept: number | null;
  /** What the nearest labeled cells vote for; null without labels. */
  label: VotedLabel | null;
}

/** Where a cell's mean vectors lie: as it is, under other seeds, and for each change with it and with each choice of other genes. */
export interface CellPlaces {
  label: VotedLabel | null;
  otherSeeds: VectorPlace;
  parts: {mine: VectorPlace; controls: VectorPlace[]}[];
}

const neighbors = 15;

/** Neighbors and labels of an explained cell's vectors, all cells compared. Throws the WorkbookError "other-width" for labeled cells of another model, what
 * `nearestInOther` throws, and the signal's reason. */
export async function placesOf(
  row: number,
  {vector, otherSeeds, parts}: CellExplanation,
  {space = null, labeled = null}: ExplainedSpace,
  signal?: AbortSignal
): Promise<CellPlaces> {
  const all = [vector, otherSeeds, ...parts.flatMap((part) => [part.vector, ...part.controls])];
  const width = vector.length;
  if (labeled !== null && labeled.reference.width !== width) throw otherWidth(width, labeled.reference);
  const stacked = new Float32Array(all.length * width);
  all.forEach((one, i) => stacked.set(one, i * width));
  const near =
    space === null
      ? null
      : await nearestButOne(stacked, space.vectors, width, neighbors, space.rows.indexOf(row), {signal});
  const votes =
    labeled === null ? null : await voteLabels(stacked, labeled.reference, labeled.rows?.indexOf(row) ?? -1, {signal});
  const own = (i: number) => near!.indices.subarray(i * neighbors, (i + 1) * neighbors).filter((place) => place >= 0);
  const place = (i: number): VectorPlace => ({
    kept: near === null ? null : sharedCells(own(0), own(i)) / own(0).length,
    label: votes === null ? null : votes[i]
  });
  let next = 2;
  return {
    label: place(0).label,
    otherSeeds: place(1),
    parts: parts.map(({controls}) => ({mine: place(next++), controls: controls.map(() => place(next++))}))
  };
}
