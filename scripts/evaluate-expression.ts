import {openNodeEncoder, openNodeExpressionHead} from "../src/components/adapters/onnxruntime-node.js";
import type {AnnData} from "../src/components/core/anndata/anndata.js";
import {geneNames} from "../src/components/core/anndata/gene-names.js";
import {streamRows} from "../src/components/core/anndata/stream-rows.js";
import {alignGenes, type Alignment} from "../src/components/core/cells/align.js";
import {normalize} from "../src/components/core/cells/normalize.js";
import {NumpyGenerator} from "../src/components/core/cells/numpy-rng.js";
import {selectRows} from "../src/components/core/cells/select-rows.js";
import {cellSentence} from "../src/components/core/cells/sentence.js";
import {embedTokens} from "../src/components/core/embed/embed-tokens.js";
import type {Bundle} from "../src/components/core/model/bundle.js";
import {detectionCounts} from "../src/components/core/pipeline/detection-counts.js";
import {areaUnderRoc} from "../src/components/core/space/area-under-roc.js";
import type {CsrBlock, Precision} from "../src/components/core/types.js";

/** Mean areas under the ROC curve over some cells: 20 % of the genes counted in a cell, hidden from it, against genes not counted. */
export interface ExpressionScore {
  cells: number;
  /** By the expression head, from the sentence without the hidden genes. */
  hidden: number;
  /** By the gene's detection rate in the other cells of the set. */
  hiddenOwnRate: number;
  /** By the head, from the whole sentence: all genes counted against those not. */
  all: number;
}

const share = 0.2;
/** Seeds of the hidden genes lie beyond those of sentences, which are rows. */
const firstSeed = 2 ** 32;

/**
 * Scores a bundle's expression head as training/evaluate.py does (low-variance sampling, at most `most` of the cells in `rows`);
 * which cells and which genes is drawn by other seeds, so figures agree within sampling error only.
 */
export async function evaluateExpression(
  bundle: Bundle,
  anndata: AnnData,
  rows: Int32Array,
  {precision, most = 200}: {precision: Precision; most?: number}
): Promise<ExpressionScore> {
  const alignment = alignGenes(geneNames(anndata, anndata.matrix("X")).names, bundle.genes);
  const {detected} = await detectionCounts(anndata, "X", alignment, rows);
  const chosen = selectRows({mode: "random", n: most, seed: 1}, rows.length)?.map((i) => rows[i]) ?? rows;
  const encoder = await openNodeEncoder(bundle, {precision});
  const head = await openNodeExpressionHead(bundle, {precision});
  const sums = {hidden: 0, hiddenOwnRate: 0, all: 0};
  let cells = 0;
  for await (const block of streamRows(anndata, "X", {rows: chosen, blockRows: 1})) {
    const counted = countedGenes(block, alignment);
    const hidden = hiddenGenes(counted, firstSeed + block.rows[0]);
    const sentences = [without(block, alignment, hidden), block].map(
      (cell) =>
        cellSentence(normalize(cell, alignment)[0], alignment, {
          sampling: "low-variance",
          seed: block.rows[0],
          constants: bundle.manifest.sentence
        }).tokens
    );
    if (sentences.includes(null)) continue;
    const vectors = await embedTokens(encoder, sentences as Int32Array[]);
    const fromRest = await head.predict(vectors.slice(0, encoder.width), alignment.tokens);
    const fromAll = await head.predict(vectors.slice(encoder.width), alignment.tokens);
    const asked = Array.from(counted.keys()).filter((gene) => hidden[gene] === 1 || counted[gene] === 0);
    const truth = asked.map((gene) => hidden[gene]);
    const rate = asked.map((gene) => detected[gene] - counted[gene]);
    sums.hidden += areaUnderRoc(
      asked.map((gene) => fromRest[gene]),
      truth
    );
    sums.hiddenOwnRate += areaUnderRoc(rate, truth);
    sums.all += areaUnderRoc(fromAll, counted);
    ++cells;
  }
  await encoder.close();
  await head.close();
  const mean = (sum: number) => Number((sum / cells).toFixed(4));
  return {cells, hidden: mean(sums.hidden), hiddenOwnRate: mean(sums.hiddenOwnRate), all: mean(sums.all)};
}

/** 1 for each aligned gene that the block's one cell has counts of. */
function countedGenes({indices, values}: CsrBlock, {columns, alignedOfColumn}: Alignment): Uint8Array {
  const counted = new Uint8Array(columns.length);
  indices.forEach((column, entry) => {
    if (alignedOfColumn[column] >= 0 && values[entry] > 0) counted[alignedOfColumn[column]] = 1;
  });
  return counted;
}

function hiddenGenes(counted: Uint8Array, seed: number): Uint8Array {
  const random = new NumpyGenerator(seed);
  return counted.map((one) => (one === 1 && random.double() < share ? 1 : 0));
}

function without(block: CsrBlock, {alignedOfColumn}: Alignment, hidden: Uint8Array): CsrBlock {
  return {
    ...block,
    values: block.values.map((value, entry) => (hidden[alignedOfColumn[block.indices[entry]]] === 1 ? 0 : value))
  };
}
