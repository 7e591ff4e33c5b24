import {cumulativeDistribution} from "../cells/distribution.js";
import type {CellSteps} from "../cells/cell-steps.js";
import {controlSentences} from "../embed/control-sentences.js";
import type {SentenceConstants} from "../types.js";
import {type ExpectedCell, unpack} from "./expected-values.js";
import {parityRow, type ParityRow} from "./parity-row.js";

/** Two units in the last place of float32: numpy's logarithm and sum are vectorized, and differ by as much between processors. */
const weightTolerance = 2.4e-7;

/** Our steps of the expected cells, in their order. */
export interface CellsToCompare {
  ours: readonly CellSteps[];
  /** The same cells under the next seed. */
  nextSeed: readonly CellSteps[];
  expected: readonly ExpectedCell[];
  constants: SentenceConstants;
  /** Tokens of all genes of the model. */
  genes: Iterable<number>;
}

/** Rows for probabilities, cumulative distribution, draws and sentences against numpy's. */
export function compareSentences({ours, nextSeed, expected, constants, genes}: CellsToCompare): ParityRow[] {
  const looked = expected.flatMap((cell, i) => (cell.probabilities === undefined ? [] : [{cell, i}]));
  const most = (figure: (at: {cell: ExpectedCell; i: number}) => number) => Math.max(...looked.map(figure));
  const other = (i: number) => ours[(i + 1) % ours.length];
  const weights = (steps: CellSteps, cell: ExpectedCell) => relative(steps.probabilities, unpack(cell.probabilities!));
  const cdf = (steps: CellSteps, cell: ExpectedCell) => {
    const all = cumulativeDistribution(steps.probabilities);
    const kept = unpack(cell.cdf!);
    return Math.max(...Array.from(unpack(cell.cdfAt!), (place, j) => Math.abs((all[place] ?? 0) - kept[j])));
  };
  const draws = (steps: readonly CellSteps[]) =>
    looked.reduce((sum, {cell, i}) => sum + differing(steps[i].sentence?.draws ?? [], unpack(cell.draws!)), 0);
  const tokens = expected.map((cell) => Int32Array.from(unpack(cell.tokens)));
  const sentences = ours.map(({sentence}) => sentence?.sequence ?? new Int32Array(0));
  const spoilt = controlSentences(sentences, constants, genes);
  const wrong = (of: readonly Int32Array[]) => of.filter((one, i) => differing(one, tokens[i]) > 0).length;
  return [
    parityRow({
      id: "probabilities",
      stage: "normalize",
      title: "Probabilities",
      compared: `log1p of the counts divided by their sum, of every gene of ${looked.length} cells, with numpy's float32`,
      unit: "largest relative difference",
      figure: most(({cell, i}) => weights(ours[i], cell)),
      tolerance: weightTolerance,
      controls: {
        "another cell": most(({cell, i}) => weights(other(i), cell)),
        "log-normalized input": most(({cell, i}) =>
          relative(ours[i].probabilitiesIfLogged, unpack(cell.probabilities!))
        )
      },
      phase: 6
    }),
    parityRow({
      id: "cdf",
      stage: "sample",
      title: "Cumulative distribution",
      compared: `the running sum that draws are looked up in, at ${unpack(looked[0].cell.cdfAt!).length} places of ${looked.length} cells, with numpy's cumsum`,
      unit: "largest difference",
      figure: most(({cell, i}) => cdf(ours[i], cell)),
      tolerance: 1e-6,
      controls: {"another cell": most(({cell, i}) => cdf(other(i), cell))},
      phase: 5
    }),
    parityRow({
      id: "draws",
      stage: "sample",
      title: "Draws",
      compared: `${looked.length} times ${constants.sampleSize.toLocaleString("en")} genes in draw order, with numpy's Generator.choice`,
      unit: "draws that differ",
      figure: draws(ours),
      tolerance: 0,
      controls: {"the next seed": draws(nextSeed)},
      phase: 5
    }),
    parityRow({
      id: "sentence",
      stage: "sample",
      title: "Sentence",
      compared: `all tokens of ${expected.length} cells: chromosomes shuffled, genes by start, with numpy's`,
      unit: "cells that differ",
      figure: wrong(sentences),
      tolerance: 0,
      controls: {
        "the next seed": wrong(nextSeed.map(({sentence}) => sentence?.sequence ?? new Int32Array(0))),
        "shuffled order": wrong(spoilt["shuffled order"]),
        "no chromosome ends": wrong(spoilt["no chromosome ends"]),
        "gene ids off by one": wrong(spoilt["gene ids off by one"])
      },
      phase: 4
    })
  ];
}

/** Largest |a - b| / b; lists of different lengths differ altogether. */
function relative(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return 1;
  return Math.max(...Array.from(ours, (value, i) => Math.abs(value - theirs[i]) / theirs[i]));
}

/** Places at which two lists differ, those that one lacks included. */
function differing(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let count = Math.abs(ours.length - theirs.length);
  for (let i = 0; i < Math.min(ours.length, theirs.length); ++i) if (ours[i] !== theirs[i]) ++count;
  return count;
}
