import {openAnnData} from "../core/anndata/anndata.js";
import type {Calibration} from "../core/convert/measurement.js";
import {createCellRecords} from "../core/pipeline/cell-records.js";
import {prepareCells} from "../core/pipeline/prepare-cells.js";
import {streamSentences} from "../core/pipeline/stream-sentences.js";
import type {ModelGene, SentenceConstants} from "../core/types.js";
import {openH5File} from "./node-h5.js";

/** Which cells to take sentences of, and for which model. */
export interface CalibrationOptions {
  genes: readonly ModelGene[];
  sentence: SentenceConstants;
  /** Most cells that are taken (600), as many of each file, spread over it at equal distances. */
  most?: number;
  signal?: AbortSignal;
}

/**
 * Sentences of real cells of h5ad files, made as a run makes them (reference sampling, seeds by row), to measure variants
 * on. Cells without counts are left out. Throws what opening and reading a file throws.
 */
export async function calibrationCells(
  paths: readonly string[],
  {most = 600, ...options}: CalibrationOptions
): Promise<Calibration> {
  const parts: Calibration[] = [];
  for (const path of paths) parts.push(await cellsOfFile(path, Math.ceil(most / paths.length), options));
  return {
    origin: parts.map(({origin}) => origin).join(", "),
    sentences: parts.flatMap(({sentences}) => [...sentences])
  };
}

async function cellsOfFile(
  path: string,
  most: number,
  {genes, sentence, signal}: Omit<CalibrationOptions, "most">
): Promise<Calibration> {
  const reader = await openH5File(path);
  try {
    const anndata = openAnnData(reader);
    const count = Math.min(most, anndata.nObs);
    const rows = Int32Array.from({length: count}, (_, i) => Math.floor((i * anndata.nObs) / count));
    const prepared = await prepareCells(anndata, genes, {matrix: null, geneColumn: null}, rows, {signal});
    const sentences: Int32Array[] = [];
    const records = createCellRecords(rows);
    const options = {sampling: "reference", seeds: "row", average: 1, constants: sentence, records, signal} as const;
    for await (const {tokens} of streamSentences(prepared, options)) if (tokens !== null) sentences.push(tokens);
    return {origin: `${sentences.length} cells of ${anndata.name}`, sentences};
  } finally {
    reader.close();
  }
}
