// The published models of the original UCE by their shape, with random weights.
import {uceSentence} from "../../src/components/core/convert/original-checkpoint.js";
import type {Architecture} from "../../src/components/core/model/bundle.js";
import type {ModelGene} from "../../src/components/core/types.js";
import type {RandomBundle} from "../../scripts/random-bundle.js";

/** Shape of the original UCE (docs/original-uce.md): published with 4 and with 33 layers. */
export function originalArchitecture(layers: number): Architecture {
  return {
    family: "uce",
    layers,
    width: 1280,
    heads: 20,
    feedForward: 5120,
    outputWidth: 1280,
    maxLength: 1536,
    positions: "sinusoidal",
    activation: "relu",
    layerNormEpsilon: 1e-5,
    output: [
      {width: 1024, finish: "norm-gelu"},
      {width: 1280, finish: "norm-gelu"},
      {width: 1280, finish: "norm-gelu"},
      {width: 1280, finish: "none"}
    ],
    expression: [2560, 2048, 512, 128, 1],
    expressionTable: "own"
  };
}

/** The bundle in 4 bits. Queries and keys are four times as large as PyTorch starts them: else 33 layers leave cells with a cosine of 0.999, where float16 is coarse. */
export function originalBundle(layers: number, genes: readonly ModelGene[]): RandomBundle {
  const name = `original UCE, ${layers} layers, random weights`;
  return {
    name,
    architecture: originalArchitecture(layers),
    sentence: uceSentence,
    genes,
    precision: "int4",
    sharpness: 4
  };
}
