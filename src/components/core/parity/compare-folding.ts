import {bytesOf} from "../bytes-of.js";
import {foldTokens, readFoldWeights} from "../convert/fold.js";
import {describeBrain} from "../convert/brain-checkpoint.js";
import {memoryReader} from "../remote/range-reader.js";
import {openTensorFile} from "../convert/tensor-file.js";
import {encodeSafetensors} from "../convert/write-safetensors.js";
import {relativeError} from "../vectors/relative-error.js";
import {type ExpectedValues, unpack} from "./expected-values.js";
import {parityRow, type ParityRow} from "./parity-row.js";

/** Folds the input side of a small random checkpoint as the converter folds a published one, and compares with unfolded float64. */
export async function compareFolding({fold}: ExpectedValues, signal?: AbortSignal): Promise<ParityRow> {
  const {width, inputWidth, tokens: count, tensors} = fold;
  const stored = Object.entries(tensors).map(([name, packed]) => ({
    name,
    type: "F32" as const,
    shape: packed.shape,
    bytes: bytesOf(Float32Array.from(unpack(packed)))
  }));
  const file = await openTensorFile(memoryReader("model.safetensors", encodeSafetensors(stored)), {signal});
  const tokens = Int32Array.from({length: count}, (_, token) => token);
  const foldAll = async (more: Record<string, unknown> = {}) => {
    const config = {vocab_size: count, embedding_dim: inputWidth, d_model: width, nhead: 1, ...more};
    const {sizes, layout} = describeBrain(file, config);
    const weights = await readFoldWeights(file, layout.fold, sizes, signal);
    const table = {name: layout.table, rows: count, width: inputWidth};
    const [rows] = await foldTokens(file, table, [weights], tokens, {signal});
    return rows;
  };
  const expected = unpack(fold.rows);
  const error = (of: Float32Array) => relativeError(of, expected, count, width);
  const rows = await foldAll();
  return parityRow({
    id: "folding",
    stage: "model",
    title: "Folding",
    compared: `${count} rows of a small random checkpoint, folded by the converter here, with LayerNorm, Linear, LayerNorm, GELU in numpy's float64`,
    unit: "relative error",
    figure: error(rows),
    tolerance: 1e-6,
    controls: {
      "ids off by one": error(rows.map((_, i) => rows[(i + width) % rows.length])),
      "no embedding LayerNorm": error(await foldAll({use_embedding_layer_norm: false}))
    },
    phase: 3
  });
}
