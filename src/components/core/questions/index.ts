import {architecture} from "./architecture.js";
import {benchWay} from "./bench-way.js";
import {benchWays} from "./bench-ways.js";
import {brokenRun} from "./broken-run.js";
import {cluster} from "./cluster.js";
import {cellNeighbors} from "./cell-neighbors.js";
import {componentMap} from "./component-map.js";
import {embeddingRows} from "./embedding-rows.js";
import {explain} from "./explain.js";
import {expression} from "./expression.js";
import {geneCounts} from "./gene-counts.js";
import {geneProfiles} from "./gene-profiles.js";
import {genesets} from "./genesets.js";
import {markers} from "./markers.js";
import {geneNames} from "./gene-names.js";
import {groupMarkers} from "./group-markers.js";
import {integrationScores} from "./integration-scores.js";
import {label} from "./label.js";
import {mapFidelity} from "./map-fidelity.js";
import {parity} from "./parity.js";
import {nearestReferenceCells} from "./nearest-reference-cells.js";
import {neighborRanks} from "./neighbor-ranks.js";
import {quality} from "./quality.js";
import {referenceMap} from "./reference-map.js";
import {scores} from "./scores.js";
import {selectionComposition} from "./selection-composition.js";
import {trustFilter} from "./trust-filter.js";
import {trustLabels} from "./trust-labels.js";
import {trustSeeds} from "./trust-seeds.js";
import {vectorFacts} from "./vector-facts.js";
import {cellSteps} from "./cell-steps.js";
import {countRecovery} from "./count-recovery.js";
import {fileTree} from "./file-tree.js";
import {geneAlignment} from "./gene-alignment.js";
import {probabilitySpread} from "./probability-spread.js";

/**
 * All that can be asked of a chain beside its tables, by name; each is a `Question`. To add one: a file beside
 * this one and a line here; `ask` knows its types from here.
 */
export const questions = {
  explain,
  expression,
  referenceMap,
  scores,
  selectionComposition,
  architecture,
  benchWay,
  benchWays,
  brokenRun,
  cellNeighbors,
  cluster,
  componentMap,
  geneCounts,
  geneNames,
  geneProfiles,
  genesets,
  markers,
  groupMarkers,
  parity,
  quality,
  integrationScores,
  trustFilter,
  trustLabels,
  trustSeeds,
  embeddingRows,
  label,
  mapFidelity,
  nearestReferenceCells,
  neighborRanks,
  vectorFacts,
  cellSteps,
  countRecovery,
  fileTree,
  geneAlignment,
  probabilitySpread
};

/** Names, arguments and answers of the questions. */
export type Questions = typeof questions;
/** Name of a question. */
export type QuestionName = keyof Questions;
/** What a question is asked with. */
export type QuestionArguments<Name extends QuestionName> = Parameters<Questions[Name]>[1];
/** What a question answers. */
export type QuestionAnswer<Name extends QuestionName> = Awaited<ReturnType<Questions[Name]>>;
