import {streamRows} from "../anndata/stream-rows.js";
import {cellSteps, type CellSteps} from "../cells/cell-steps.js";
import {isAbort, isWorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import {
  compareDemoLayers,
  compareLogits,
  compareTable,
  compareVectorsOfDemo,
  vectorsToCompare
} from "../parity/compare-demo-model.js";
import {compareFiles} from "../parity/compare-files.js";
import {compareFolding} from "../parity/compare-folding.js";
import {compareOtherModel} from "../parity/compare-other-model.js";
import {compareSentences} from "../parity/compare-sentences.js";
import type {ExpectedValues} from "../parity/expected-values.js";
import {parityRow, type ParityRow} from "../parity/parity-row.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {QuestionContext, TaskOptions} from "./context.js";

/** What comparing every stage with its reference showed. */
export interface ParityReport {
  /** Model, the variant that this machine opens, and whether numpy's committed figures are of this model. */
  model: string;
  precision: string;
  reference: "numpy" | "plain float64";
  made: ExpectedValues["made"];
  rows: ParityRow[];
  /** True if every row passed and every control was caught. */
  passed: boolean;
}

/**
 * Compares every stage with its reference on the demo's cells: probabilities, draws and sentences with numpy's, the model's table,
 * layers, vectors and logits with float64. A stage that cannot be computed is a row with its fault; the others go on.
 * `onProgress` counts sentences. Rejects with a WorkbookError if the chain's file is not the demo or cannot be read.
 */
export async function parity(
  context: QuestionContext,
  {expected}: {expected: ExpectedValues},
  {signal, onProgress}: TaskOptions
): Promise<ParityReport> {
  const {precision, model} = context;
  // Damage is to be shown where it is, not refused: a row of its own tells the checksums.
  const bundle: Bundle = {...model, file: (path, cancel) => model.stored(path, cancel)};
  const variant =
    expected.model === model.hash ? expected.variants.find((one) => one.precision === precision) : undefined;
  const {ours, nextSeed} = await stepsOf(context, expected, signal);
  const sentences = ours.map(({sentence}) => sentence?.sequence ?? new Int32Array(0));
  const genes = model.genes.map(({token}) => token);
  const {sentence: constants} = model.manifest;
  const rows = compareSentences({ours, nextSeed, expected: expected.cells, constants, genes});
  const attempt = async (id: string, title: string, stage: ParityRow["stage"], work: () => Promise<ParityRow[]>) => {
    try {
      rows.push(...(await work()));
    } catch (error) {
      signal?.throwIfAborted();
      if (isAbort(error) || !isWorkbookError(error)) throw error;
      const parts = {id, stage, title, compared: "could not be computed", unit: "relative error"} as const;
      rows.push(parityRow({...parts, figure: Infinity, tolerance: 0, fault: error.message}));
    }
  };
  await attempt("files", "Files of the model", "model", async () => [await compareFiles(model, precision, signal)]);
  await attempt("folding", "Folding", "model", async () => [await compareFolding(expected, signal)]);
  if (variant !== undefined)
    await attempt("table", "Token table", "model", async () => [await compareTable(bundle, variant)]);
  await attempt("layers", "Layers and vector", "embed", async () => {
    const total = vectorsToCompare(sentences.length);
    let done = 0;
    onProgress?.(0, total);
    const probe = await context.openLayers(bundle, signal);
    const encoder = await context.openEncoder({model: bundle, signal}).catch(async (error: unknown) => {
      await probe.close();
      throw error;
    });
    try {
      if (variant === undefined) return await compareOtherModel(bundle, precision, sentences, {probe, encoder, signal});
      const layers = await compareDemoLayers(probe, expected, variant, sentences);
      const onCell = () => onProgress?.((done += 1), total);
      return [...layers, await compareVectorsOfDemo(encoder, bundle, variant, sentences, {signal, onCell})];
    } finally {
      await Promise.all([probe.close(), encoder.close()]);
    }
  });
  if (variant !== undefined) {
    await attempt("logits", "Expression head", "embed", async () => {
      const head = await context.openHead(bundle);
      return [await compareLogits(head, variant).finally(() => head.close())];
    });
  }
  return {
    model: model.manifest.name,
    precision,
    reference: variant === undefined ? "plain float64" : "numpy",
    made: expected.made,
    rows,
    passed: rows.every((row) => row.passed && row.controls.every(({caught}) => caught))
  };
}

/** The expected cells' way to their sentences as this workbook computes it, and under the next seed. */
async function stepsOf(
  context: QuestionContext,
  {cells}: ExpectedValues,
  signal?: AbortSignal
): Promise<{ours: CellSteps[]; nextSeed: CellSteps[]}> {
  const {anndata, matrix, alignment} = await alignedMatrix(context);
  const {sentence: constants} = context.model.manifest;
  const rows = Int32Array.from(cells, ({row}) => row);
  const [ours, nextSeed]: CellSteps[][] = [[], []];
  for (const row of rows) {
    for await (const block of streamRows(anndata, matrix, {rows: Int32Array.of(row), signal})) {
      ours.push(cellSteps(block, alignment, {sampling: "reference", seed: row, constants}));
      nextSeed.push(cellSteps(block, alignment, {sampling: "reference", seed: row + 1, constants}));
    }
  }
  return {ours, nextSeed};
}
