import {seenCells, seenWords, type TrainingSet} from "../cells/seen-cells.js";
import type {AnnData} from "./anndata.js";
import type {MatrixChoice} from "./choose-matrix.js";
import {measureGenes} from "./inspect-genes.js";
import type {GeneReport} from "./inspect-genes.js";
import {matrixProblems} from "./inspect-matrices.js";
import {leftOutWords} from "./left-out-words.js";
import {modalityNote} from "./modality-note.js";
import type {NamedGenes} from "./named-genes.js";
import type {Problem} from "./problem.js";
import {tissueProblem} from "./tissue-problem.js";
import {transposedProblem} from "./transposed.js";

/** How many rows (columns) repeat the name of an earlier one, and the first name that is repeated. */
export interface Duplicates {
  count: number;
  first: string | null;
}

/** What `fileProblems` finds. */
export interface FoundProblems {
  /** Worst first. */
  problems: Problem[];
  /** Names and alignment of the genes. */
  genes: GeneReport;
  /** Names that stand more than once among cells, and among the genes' names that are used. */
  duplicates: {cells: Duplicates; genes: Duplicates};
}

/**
 * Everything that is wrong with a file, for whoever asks: `inspect`, and each run that writes a result. `choice` is the matrix
 * to use (a run does not look at those after it, which adds only problems with `aside`), `named` its gene names, `columnSums` the
 * counts of each of its columns in a sample of cells (null: not measured), `known` the model's symbols, `trainedOn` the data sets that
 * the model was trained on, `asked` that somebody chose the species.
 */
export function fileProblems(
  anndata: AnnData,
  choice: MatrixChoice,
  named: NamedGenes,
  columnSums: Float64Array | null,
  known: ReadonlySet<string>,
  trainedOn: readonly TrainingSet[] = [],
  asked = false
): FoundProblems {
  const report = measureGenes(anndata, named, columnSums, known, asked);
  const duplicates = {cells: findDuplicates(anndata.obsNames()), genes: findDuplicates(named.names)};
  const turned = transposedProblem(anndata, named.names, known);
  const found = [
    ...sizeProblems(anndata),
    ...matrixProblems(anndata, choice),
    ...(turned === null ? report.problems : [turned]),
    ...duplicateProblems(duplicates.cells, duplicates.genes),
    ...trainingProblems(anndata, trainedOn)
  ];
  // What is needed, and is told as an error, is not left out.
  const needed = new Set(found.filter(({severity}) => severity === "error").map(({place}) => place));
  const problems = [...found, ...partProblems(anndata).filter(({place}) => !needed.has(place))];
  const order = {error: 0, warning: 1, info: 2};
  problems.sort((a, b) => order[a.severity] - order[b.severity]);
  return {problems, genes: report.genes, duplicates};
}

function sizeProblems({nObs, nVar, features}: AnnData): Problem[] {
  const problems: Problem[] = [];
  if (nObs === 0) {
    problems.push({
      code: "no-cells",
      severity: "error",
      message: "the file has no cells",
      place: "/obs",
      remedy: "open a file with cells; perhaps a filter before it was saved kept none"
    });
  }
  if (nVar === 0) {
    const {leftOut} = features("var");
    problems.push({
      code: "no-genes",
      severity: "error",
      message: `the file has no genes${leftOut.length === 0 ? "" : `: its features are ${leftOutWords(leftOut)}`}`,
      place: "/var",
      remedy: "open a file with genes; perhaps a filter before it was saved kept none"
    });
  }
  return problems;
}

/** That the model has been trained on cells of the file, or on none of its tissues: no fault of the file, and it bears on every score. */
function trainingProblems(anndata: AnnData, sets: readonly TrainingSet[]): Problem[] {
  const tissue = tissueProblem(anndata, sets);
  const others = tissue === null ? [] : [tissue];
  const words = seenWords(seenCells(anndata.obsNames(), anndata.varNames(), sets), anndata.nObs);
  if (words === null) return others;
  return [
    ...others,
    {
      code: "trained-on",
      severity: "info",
      place: "/obs",
      message: `${words}: scores on them are optimistic`,
      remedy: "judge the model by cells that it has not seen"
    }
  ];
}

/** What of the file is left out: other modalities, and parts that cannot be read. */
function partProblems(anndata: AnnData): Problem[] {
  const problems = anndata.faults().map(({what, place, fault}): Problem => {
    const severity = what.endsWith(" of obs") ? "warning" : "info";
    const message = `${what} cannot be read and is left out: ${fault}`;
    return {
      code: "unreadable-part",
      severity,
      message,
      place,
      remedy: "nothing to do, unless you need it",
      aside: true
    };
  });
  const note = modalityNote(anndata);
  return note === null ? problems : [note, ...problems];
}

function findDuplicates(names: string[]): Duplicates {
  const seen = new Set<string>();
  let count = 0;
  let first: string | null = null;
  for (const name of names) {
    if (seen.has(name)) {
      count++;
      first ??= name;
    }
    seen.add(name);
  }
  return {count, first};
}

function duplicateProblems(cells: Duplicates, genes: Duplicates): Problem[] {
  const problems: Problem[] = [];
  const say = ({count, first}: Duplicates, one: string, many: string) => {
    const who = count === 1 ? `${one} has a name that stands` : `${many} have names that stand`;
    return `${count} ${who} more than once, "${first}" for one`;
  };
  if (cells.count > 0) {
    problems.push({
      code: "duplicate-cells",
      severity: "warning",
      place: "/obs",
      message: say(cells, "cell", "cells"),
      remedy: "tell such cells apart by their row, or rename them: adata.obs_names_make_unique()"
    });
  }
  if (genes.count > 0) {
    problems.push({
      code: "duplicate-genes",
      severity: "warning",
      place: "/var",
      message: say(genes, "gene", "genes"),
      remedy: "leave them (each is used as a gene of its own, as the reference does), or add them up"
    });
  }
  return problems;
}
