import type {VotedLabel} from "../reference/vote-labels.js";
import {meanError} from "../space/mean-error.js";
import type {CellExplanation, GeneChange} from "./explain-cell.js";
import type {CellPlaces, VectorPlace} from "./explained-places.js";

/** What changes with a cell's vector; means over cells. */
export interface ExplainedEffect {
  /** Share of the 15 nearest cells that stay among the nearest, 0 to 1; null where no cells were compared. */
  kept: number | null;
  /** Share of cells whose label changes, 0 to 1; null without labels. */
  changed: number | null;
}

/** What a change of genes does; means over cells. */
export interface ExplainedPart extends ExplainedEffect {
  name: string;
  how: GeneChange["how"];
  /** Genes of it that a cell shows (of added ones: all of them), and their share of the sampling probability. */
  shown: number;
  share: number;
  /** How far the vector moves, and its standard error over the cells (NaN for one cell). */
  move: number;
  moveError: number;
  /** The same with as many other genes; NaN where there are none. */
  control: number;
  others: ExplainedEffect;
  /** The label of each cell with the change; null without labels. */
  labels: VotedLabel[] | null;
  /** It moves the vector beyond `reach`, and beyond 1.5 times what other genes do. */
  decides: boolean;
}

/** Cells and what decides them. */
export interface ExplainedCells {
  /** Rows of the cells, ascending. */
  rows: Int32Array;
  /** Sentences of each kind. */
  draws: number;
  /** How far other seeds are expected to move the mean vector of a cell; mean over cells. */
  noise: number;
  /** How far 95 % of other seeds move it at the most; mean over cells. */
  reach: number;
  /** What other seeds did change. */
  otherSeeds: ExplainedEffect;
  /** Label of each cell as it is; null without labels. */
  labels: VotedLabel[] | null;
  /** The largest move first. */
  parts: ExplainedPart[];
  /** Changes of which the model knows no gene in this file. */
  missing: string[];
}

/** An explained cell. */
export interface ExplainedCell {
  row: number;
  explained: CellExplanation;
  places: CellPlaces;
}

/** How much farther than other genes a change has to move the vector before it is said to decide. */
const beyondOthers = 1.5;

/** Means over explained cells, one at the least, which all had the same changes. */
export function gatherExplained(cells: readonly ExplainedCell[]): Omit<ExplainedCells, "draws" | "missing"> {
  const labels = allOrNull(cells.map(({places}) => places.label));
  const noise = mean(cells.map(({explained}) => explained.noise));
  const reach = mean(cells.map(({explained}) => explained.reach));
  const effect = (pick: (places: CellPlaces) => VectorPlace[]): ExplainedEffect => {
    const each = cells.map(({places}) => pick(places).map((place) => ({place, before: places.label})));
    const kept = allOrNull(each.flat().map(({place}) => place.kept));
    const changed = allOrNull(
      each.flat().map(({place, before}) => (place.label === null ? null : Number(place.label.name !== before!.name)))
    );
    return {kept: kept && mean(kept), changed: changed && mean(changed)};
  };
  const parts = cells[0].explained.parts.map(({name, how}, i): ExplainedPart => {
    const moves = cells.map(({explained}) => explained.parts[i]);
    const move = mean(moves.map((one) => one.move));
    const control = mean(moves.map((one) => one.control));
    return {
      name,
      how,
      shown: mean(moves.map((one) => one.shown)),
      share: mean(moves.map((one) => one.share)),
      move,
      moveError: meanError(moves.map((one) => one.move)),
      control,
      ...effect((places) => [places.parts[i].mine]),
      others: effect((places) => places.parts[i].controls),
      labels: allOrNull(cells.map(({places}) => places.parts[i].mine.label)),
      decides: move > reach && move > beyondOthers * control
    };
  });
  return {
    rows: Int32Array.from(cells, ({row}) => row),
    noise,
    reach,
    otherSeeds: effect((places) => [places.otherSeeds]),
    labels,
    parts: parts.sort((a, b) => b.move - a.move)
  };
}

/** The values, or null if one is missing or there are none. */
function allOrNull<Value>(values: readonly (Value | null)[]): Value[] | null {
  return values.length === 0 || values.includes(null) ? null : (values as Value[]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
