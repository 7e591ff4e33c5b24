import type {NamedGeneSet} from "../genesets/parse-gmt.js";
import {answerOf, type Answer} from "./answer.js";
import {requireStage} from "./require-stage.js";
import type {Stage} from "./stage.js";

/**
 * Scores of sets of genes for each cell (UCell; docs/answers.md). Table: row, cell_id and a column "set:NAME" each, whose `answerFacts` are `GeneSetFacts`.
 * Throws the WorkbookError "wrong-stage" for anything but a load stage.
 */
export function scoreGenes(counts: Stage, sets: readonly NamedGeneSet[]): Answer {
  requireStage("scoreGenes", "load", counts);
  return answerOf("genesets", counts, {sets: sets.map(({name, genes}) => ({name, genes: [...genes]}))});
}
