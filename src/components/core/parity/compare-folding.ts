import {bytesOf} from "../bytes-of.js";
import {foldTokens, readFoldWeights} from "../convert/fold.js";
import {readCheckpointConfig} from "../convert/checkpoint-config.js";
import {memoryReader} from "../remote/range-reader.js";
import {openSafetensors} from "../convert/safetensors.js";
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
  const file = await openSafetensors(memoryReader("model.safetensors", encodeSafetensors(stored)), {signal});
  const config = readCheckpointConfig({vocab_size: count, embedding_dim: inputWidth, d_model: width, nhead: 1});
  const tokens = Int32Array.from({length: count}, (_, token) => token);
  const foldAll = async (of: typeof config) => {
    const weights = await readFoldWeights(file, "uce.", of, signal);
    return foldTokens(file, "uce.", of, weights, tokens, {signal});
  };
  const expected = unpack(fold.rows);
  const error = (of: Float32Array) => relativeError(of, expected, count, width);
  const rows = await foldAll(config);
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
      "no embedding LayerNorm": error(await foldAll({...config, inputLayerNorm: false}))
    },
    phase: 3
  });
}
