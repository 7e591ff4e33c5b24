import type {Table} from "apache-arrow";
import {calibrateLabels, type LabelCalibration} from "../reference/calibrate-labels.js";
import type {Reference} from "../reference/reference.js";
import {requireSameModel} from "../reference/require-same-model.js";
import {transferLabels} from "../reference/transfer-labels.js";
import {withAnswerFacts} from "../tables/answer-facts.js";
import {derivedProvenance} from "../tables/derived-provenance.js";
import type {Embeddings} from "../tables/embeddings.js";
import {labelsTable} from "../tables/labels.js";
import type {Provenance} from "../tables/provenance.js";
import type {WorkOptions} from "../vectors/work.js";

/** What cells are labeled by. */
export interface LabelRequest {
  reference: Reference;
  /** What is known of the reference's labels; found where it is null or of another number of neighbors. */
  calibration: LabelCalibration | null;
  /** Name of the reference's column; null for its only or first one. */
  by: string | null;
  /** Neighbors that vote. */
  neighbors: number;
  /** sha256 of the reference's manifest; null for one that has none. */
  hash: string | null;
}

/** What is known of labels beside the cells' own. */
export interface LabelFacts {
  reference: {name: string; cells: number; hash: string | null};
  by: string | null;
  /** Cells that got each label, in the order of the reference's labels. */
  labels: {name: string; cells: number}[];
  unknown: number;
  /** Cells with a vector. */
  compared: number;
  heldOut: LabelCalibration["heldOut"];
}

/** Where the vectors come from, as the provenance says it. */
export interface LabelDeps {
  software: Provenance["software"];
  origin: Provenance | null;
  /** The vectors' file, for messages, and for the provenance where they have none. */
  name: string;
}

/**
 * Labels of embedded cells from a reference, as a table with its `LabelFacts` (`answerFacts`). Rejects with "other-model" where both say their model and it is another one, as
 * `calibrateLabels` and `transferLabels` do, and with the signal's reason.
 */
export async function labelEmbeddings(
  {vectors, width, index, rows, cellIds}: Embeddings,
  {reference, calibration: known, by, neighbors, hash}: LabelRequest,
  {software, origin, name}: LabelDeps,
  work: WorkOptions = {}
): Promise<{table: Table; facts: LabelFacts}> {
  requireSameModel(name, origin?.model, reference);
  const calibration = known?.k === neighbors ? known : await calibrateLabels(reference, {k: neighbors, ...work});
  const labels = await transferLabels(vectors, width, reference, calibration, work);
  const parameters = {reference: reference.name, referenceHash: hash, by, labelNeighbors: neighbors};
  const provenance = derivedProvenance("label", origin, {software, name, parameters});
  const {names} = reference;
  const counts = new Int32Array(names.length);
  for (const code of labels.codes) if (code >= 0) counts[code] += 1;
  const facts: LabelFacts = {
    reference: {name: reference.name, cells: reference.codes.length, hash},
    by,
    labels: names.map((label, code) => ({name: label, cells: counts[code]})),
    unknown: labels.codes.filter((code) => code < 0).length,
    compared: index.length,
    heldOut: calibration.heldOut
  };
  const table = labelsTable({rows, cellIds, index, names, ...labels}, provenance);
  return {table: withAnswerFacts(table, facts), facts};
}
