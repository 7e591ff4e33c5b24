import type {Precision} from "../types.js";
import {outputBlocks, uceBrainOutput} from "./architecture.js";
import type {Architecture, Manifest} from "./bundle.js";
import {storedAs, storedBytes} from "./stored-as.js";

/** One part of the encoder, in the order in which a sentence goes through it. */
export interface ArchitecturePart {
  kind: "table" | "positions" | "attention" | "feedForward" | "output";
  /** Display name ("token table"). */
  name: string;
  /** Layer it belongs to, from 1; 0 outside the layers. */
  layer: number;
  /** Shape of what it hands on; "L" is the length of the sentence. */
  shape: readonly ["L" | 1, number];
  /** Weights, biases included. */
  parameters: number;
  /** Bytes of them in the files of the variant, headers left out. */
  bytes: number;
}

/** The encoder as a picture of it needs it. */
export interface ArchitectureDescription {
  name: string;
  untrained: boolean;
  /** Storage precision that `bytes` speak of. */
  precision: Precision;
  architecture: Architecture;
  tableRows: number;
  parts: ArchitecturePart[];
  /** Sums over the parts. */
  parameters: number;
  bytes: number;
}

/** What of a model's shape its operations follow from; without `output` it ends as UCE-brain does. */
export type OperationsShape = Pick<Architecture, "layers" | "width" | "feedForward" | "outputWidth"> &
  Partial<Pick<Architecture, "output">>;

interface Tensor {
  shape: readonly number[];
  kind: "table" | "matrix" | "vector";
}

/**
 * The parts of a model's encoder with shapes, numbers of weights and bytes as `precision` stores them, from its manifest
 * alone: nothing is downloaded. Bytes follow the storage rules of docs/formats.md. The expression head is not among the
 * parts, since no embedding goes through it.
 */
export function describeArchitecture(manifest: Manifest, precision: Precision): ArchitectureDescription {
  const {architecture, tableRows} = manifest;
  const {layers, width: d, feedForward: f, outputWidth, maxLength, positions} = architecture;
  const blocks = outputBlocks(architecture);
  const part = (
    kind: ArchitecturePart["kind"],
    name: string,
    layer: number,
    shape: ArchitecturePart["shape"],
    tensors: Tensor[]
  ) => ({
    kind,
    name,
    layer,
    shape,
    parameters: sum(tensors, countOf),
    bytes: sum(tensors, (tensor) =>
      storedBytes(storedAs(precision, {...tensor, name: fineName(kind, layer)}), tensor.shape)
    )
  });
  const matrix = (inputs: number, outputs: number): Tensor => ({shape: [inputs, outputs], kind: "matrix"});
  const vector = (size: number): Tensor => ({shape: [size], kind: "vector"});
  const parts: ArchitecturePart[] = [
    part("table", "token table", 0, ["L", d], [{shape: [tableRows, d], kind: "table"}]),
    part(
      "positions",
      positions === "learned" ? "learned positions" : "sinusoidal positions",
      0,
      ["L", d],
      positions === "learned" ? [{shape: [maxLength, d], kind: "vector"}] : []
    )
  ];
  for (let layer = 1; layer <= layers; ++layer) {
    const shape: ArchitecturePart["shape"] = [layer < layers ? "L" : 1, d];
    const attention = [
      matrix(d, d),
      matrix(d, d),
      matrix(d, d),
      vector(3 * d),
      matrix(d, d),
      vector(d),
      vector(d),
      vector(d)
    ];
    const feed = [matrix(d, f), vector(f), matrix(f, d), vector(d), vector(d), vector(d)];
    parts.push(
      part("attention", "attention", layer, shape, attention),
      part("feedForward", "feed-forward", layer, shape, feed)
    );
  }
  const output = blocks.flatMap(({inputs, width, finish}) => [
    matrix(inputs, width),
    vector(width),
    ...(finish === "none" ? [] : [vector(width), vector(width)])
  ]);
  const name = blocks.length === 1 ? "projection of CLS" : `${blocks.length} projections of CLS`;
  parts.push(part("output", name, 0, [1, outputWidth], output));
  return {
    name: manifest.name,
    untrained: manifest.untrained,
    precision,
    architecture,
    tableRows,
    parts,
    parameters: sum(parts, ({parameters}) => parameters),
    bytes: sum(parts, ({bytes}) => bytes)
  };
}

/**
 * Multiplications and additions that one sentence of `length` tokens takes in the encoder's matrix products, with the last
 * layer computed for the CLS row only (docs/model.md, "The graph"): 2 for every pair multiplied and added.
 */
export function operationsPerCell(
  {layers, width: d, feedForward: f, outputWidth, output = uceBrainOutput(outputWidth)}: OperationsShape,
  length: number
): number {
  const whole = length * (4 * d * d + 2 * length * d + 2 * d * f);
  const last = 2 * length * d * d + 2 * d * d + 2 * length * d + 2 * d * f;
  const projections = sum(outputBlocks({width: d, output}), ({inputs, width}) => inputs * width);
  return 2 * ((layers - 1) * whole + last + projections);
}

/** How the names of a part's weights begin where they are kept at 8 bits among 4 (`storedAs`). */
function fineName(kind: ArchitecturePart["kind"], layer: number): string {
  if (kind === "output") return "output.";
  return kind === "attention" && layer === 1 ? "layers.0.attention." : "";
}

function countOf({shape}: Tensor): number {
  return shape.reduce((product, size) => product * size, 1);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
