import {architecture} from "./architecture.js";
import {brokenRun} from "./broken-run.js";
import {cellNeighbors} from "./cell-neighbors.js";
import {componentMap} from "./component-map.js";
import {embeddingRows} from "./embedding-rows.js";
import {expression} from "./expression.js";
import {geneCounts} from "./gene-counts.js";
import {geneNames} from "./gene-names.js";
import {mapFidelity} from "./map-fidelity.js";
import {quality} from "./quality.js";
import {relayout} from "./relayout.js";
import {scores} from "./scores.js";
import {trustLabels} from "./trust-labels.js";
import {trustSeeds} from "./trust-seeds.js";
import {vectorFacts} from "./vector-facts.js";
import {cellSteps} from "./cell-steps.js";
import {countRecovery} from "./count-recovery.js";
import {fileTree} from "./file-tree.js";
import {geneAlignment} from "./gene-alignment.js";
import {probabilitySpread} from "./probability-spread.js";

/**
 * All that a page can ask of the worker's open file beside a run, by name; each is a `Service`. To add one: a file beside
 * this one and a line here; `WorkbookClient.ask` knows its types from here.
 */
export const services = {
  expression,
  scores,
  architecture,
  brokenRun,
  cellNeighbors,
  componentMap,
  geneCounts,
  geneNames,
  quality,
  trustLabels,
  trustSeeds,
  embeddingRows,
  mapFidelity,
  relayout,
  vectorFacts,
  cellSteps,
  countRecovery,
  fileTree,
  geneAlignment,
  probabilitySpread
};

/** Names, arguments and answers of the services. */
export type Services = typeof services;
/** Name of a service. */
export type ServiceName = keyof Services;
/** What a service is asked with. */
export type ServiceArguments<Name extends ServiceName> = Parameters<Services[Name]>[1];
/** What a service answers. */
export type ServiceAnswer<Name extends ServiceName> = Awaited<ReturnType<Services[Name]>>;
