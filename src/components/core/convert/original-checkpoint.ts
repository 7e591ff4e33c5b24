import {WorkbookError} from "../errors.js";
import type {OutputBlock} from "../model/bundle.js";
import type {SentenceConstants} from "../types.js";
import type {BlockNames, CheckpointLayout, DescribedCheckpoint} from "./checkpoint-layout.js";
import {readOriginalConfig, type OriginalConfig} from "./original-config.js";
import {missingTensor, type TensorFile} from "./tensor-file.js";

/** Sentence constants of the original UCE. */
export const uceSentence: SentenceConstants = {
  sampleSize: 1024,
  pad: 0,
  cls: 3,
  chromosomeEnd: 2,
  chromosomeOffset: 143574
};

/** The token table of a checkpoint of the original UCE, behind a prefix or none. */
export const originalTable = "pe_embedding.weight";

/** Numbers of a head where the checkpoint does not tell how many heads there are: 20 of 1280. */
const headWidth = 64;

type Tensors = Pick<TensorFile, "name" | "tensors">;

/**
 * A checkpoint of the original UCE (4 and 33 layers): its tensors tell its sizes, and a config.json has to agree with them. How many heads there are no
 * tensor tells: `nhead` of config.json does, else heads are 64 wide, as in the public code. Throws a WorkbookError of domain "checkpoint":
 * "no-such-tensor", "wrong-shape", "wrong-layers", "bad-config". Source: snap-stanford/UCE, model.py and evaluate.py.
 */
export function describeOriginal(file: Tensors, json: unknown): DescribedCheckpoint {
  const table = Array.from(file.tensors.keys()).find(
    (name) => name === originalTable || name.endsWith(`.${originalTable}`)
  );
  const prefix = table?.slice(0, -originalTable.length) ?? "";
  const shapeOf = (name: string, rank: number): number[] => {
    const shape = file.tensors.get(prefix + name)?.shape;
    if (shape === undefined) throw missingTensor(file.name, file.tensors, prefix + name);
    if (shape.length === rank) return shape;
    throw wrongShape(file.name, prefix + name, `has shape [${shape.join(", ")}], and ${rank} sizes are expected`);
  };
  const layers = `${prefix}transformer_encoder.layers`;
  const [vocabularySize, inputWidth] = shapeOf(originalTable, 2);
  const [width] = shapeOf("encoder.0.weight", 2);
  const [feedForward] = shapeOf("transformer_encoder.layers.0.linear1.weight", 2);
  const [maxSequenceLength] = shapeOf("pos_encoder.pe", 3);
  const decoder = blocksOf(file, `${prefix}decoder`, shapeOf);
  const head = `${prefix}binary_decoder`;
  const genes = `${prefix}gene_embedding_layer`;
  const hasHead = [...file.tensors.keys()].some((name) => name.startsWith(`${head}.`) || name.startsWith(`${genes}.`));
  const expression = hasHead ? blocksOf(file, head, shapeOf) : null;
  const outputWidth = decoder.widths.at(-1)!;
  const config = readOriginalConfig(json);
  const found = {
    token_dim: inputWidth,
    d_model: width,
    d_hid: feedForward,
    nlayers: layerCount(file, layers),
    output_dim: outputWidth
  };
  requireAgreement(file.name, config, found);
  return {
    sizes: {
      vocabularySize,
      inputWidth,
      width,
      layers: found.nlayers,
      heads: headsOf(width, config, file.name),
      feedForward,
      activation: "relu",
      maxSequenceLength,
      positions: "sinusoidal",
      outputWidth,
      decoderWidths: expression === null ? [] : [outputWidth + width, ...expression.widths]
    },
    layout: {
      sentence: uceSentence,
      paddedLength: 1536,
      table: `${prefix}${originalTable}`,
      ...foldsOf(prefix, genes, width, hasHead),
      positions: `${prefix}pos_encoder.pe`,
      layers,
      output: decoder.blocks,
      expression: expression?.blocks ?? null
    },
    family: {
      family: "uce",
      output: decoder.widths.map((width, i): OutputBlock => ({
        width,
        finish: decoder.blocks[i].norm === null ? "none" : "norm-gelu"
      })),
      expressionTable: hasHead ? "own" : "shared"
    }
  };
}

/**
 * Rows of the token table are L2-normalized on their way into the encoder, and taken as they are by the expression head: the public code normalizes
 * sentences only, and its authors' later code gives the head's layer the stored rows.
 */
function foldsOf(
  prefix: string,
  genes: string,
  width: number,
  hasHead: boolean
): Pick<CheckpointLayout, "fold" | "geneFold"> {
  const names = (layer: string) => ({inputNorm: null, linear: `${layer}.0`, norm: `${layer}.2`});
  const order = "gelu-norm" as const;
  return {
    fold: {recipe: {input: "unit", order, scale: Math.sqrt(width)}, ...names(`${prefix}encoder`)},
    geneFold: hasHead ? {recipe: {input: "none", order, scale: 1}, ...names(genes)} : null
  };
}

/** Blocks of a decoder: NAME.K.0 with LayerNorm NAME.K.1, and at the end a bare NAME.K; with the width that each gives. */
function blocksOf(
  {tensors}: Tensors,
  name: string,
  shapeOf: (name: string, rank: number) => number[]
): {blocks: BlockNames[]; widths: number[]} {
  const blocks: BlockNames[] = [];
  while (tensors.has(`${name}.${blocks.length}.0.weight`))
    blocks.push({linear: `${name}.${blocks.length}.0`, norm: `${name}.${blocks.length}.1`});
  blocks.push({linear: `${name}.${blocks.length}`, norm: null});
  return {blocks, widths: blocks.map(({linear}) => shapeOf(`${linear}.weight`, 2)[0])};
}

/** The highest number of a layer and one; a number beyond all tensors is no layer's, and its tensor is refused as unknown. */
function layerCount({tensors}: Tensors, layers: string): number {
  let most = -1;
  for (const name of tensors.keys()) {
    const number = name.startsWith(`${layers}.`) ? Number.parseInt(name.slice(layers.length + 1), 10) : -1;
    if (number < tensors.size) most = Math.max(most, number);
  }
  return most + 1;
}

function headsOf(width: number, {nhead}: OriginalConfig, file: string): number {
  const heads = nhead ?? width / headWidth;
  if (Number.isInteger(heads) && width % heads === 0) return heads;
  const fault =
    nhead === undefined
      ? `${file} is ${width} wide, which is no multiple of ${headWidth}, so how many heads it has cannot be told`
      : `nhead is ${nhead}, which does not divide the width ${width} of ${file}`;
  const remedy = "give a folder with the weights and a config.json that says nhead";
  throw new WorkbookError({domain: "checkpoint", code: "bad-config", fault, place: "config.json/nhead", remedy});
}

/** Throws where config.json says other sizes than the tensors have. */
function requireAgreement(file: string, config: OriginalConfig, found: Required<Omit<OriginalConfig, "nhead">>): void {
  for (const [field, size] of Object.entries(found)) {
    const said = config[field as keyof OriginalConfig];
    if (said === undefined || said === size) continue;
    const code = field === "nlayers" ? "wrong-layers" : "wrong-shape";
    throw wrongShape(file, `config.json/${field}`, `has ${size} where config.json says ${field} ${said}`, code);
  }
}

function wrongShape(file: string, place: string, what: string, code = "wrong-shape"): WorkbookError {
  const remedy = "give the weights and the config.json of one and the same checkpoint";
  return new WorkbookError({domain: "checkpoint", code, fault: `${file} ${what}`, place, remedy});
}
