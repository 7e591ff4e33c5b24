import {fromBase64} from "../cells/base64.js";
import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";

/** Numbers of src/data/parity.json: little-endian, row-major. */
export interface PackedNumbers {
  type: "float64" | "float32" | "int32" | "uint16";
  shape: number[];
  base64: string;
}

/** What numpy drew and wrote of one cell; the first `lookedAt` cells have every step. */
export interface ExpectedCell {
  /** Row in the demo, and the seed of its generator. */
  row: number;
  /** The sentence's checkpoint tokens. */
  tokens: PackedNumbers;
  /** Probabilities of the genes that have one, in file order (float32). */
  probabilities?: PackedNumbers;
  /** Places in that list, and numpy's cumulative distribution there (float64). */
  cdfAt?: PackedNumbers;
  cdf?: PackedNumbers;
  /** Places in that list of the drawn genes, in draw order. */
  draws?: PackedNumbers;
}

/** What float64 arithmetic in numpy makes of a variant's stored numbers. */
export interface ExpectedVariant {
  precision: Precision;
  /** Tokens, and their rows of the folded table (tokens x width). */
  rowTokens: number[];
  rows: PackedNumbers;
  /** Outputs of the layers: cells looked at x layers x `layerRows` x width; of the last layer the row of CLS, repeated. */
  layers: PackedNumbers;
  /** Unit vectors of all cells (cells x width). */
  vectors: PackedNumbers;
  /** Tokens of genes, and the expression head's logits of the cells looked at (cells x genes). */
  logitGenes: number[];
  logits: PackedNumbers;
}

/** Content of src/data/parity.json, which tests/reference/parity.py writes. */
export interface ExpectedValues {
  made: {by: string; numpy: string; python: string};
  /** SHA-256 of the manifest of the model that `variants` are of. */
  model: string;
  /** Cells and genes of the demo, and how many of its genes the model knows. */
  file: {cells: number; genes: number; matched: number};
  lookedAt: number;
  /** Positions in a sentence whose layer outputs are kept. */
  layerRows: number[];
  cells: ExpectedCell[];
  /** The input side of a small random checkpoint, unfolded, and its rows folded in float64. */
  fold: {
    width: number;
    inputWidth: number;
    tokens: number;
    tensors: Record<string, PackedNumbers>;
    rows: PackedNumbers;
  };
  variants: ExpectedVariant[];
}

const arrays = {float64: Float64Array, float32: Float32Array, int32: Int32Array, uint16: Uint16Array};

/** The numbers of a packed array, row-major. Throws a WorkbookError of domain "model" ("bad-expected-values") where they are damaged. */
export function unpack({type, shape, base64}: PackedNumbers): Float64Array | Float32Array | Int32Array | Uint16Array {
  const bytes = fromBase64(base64);
  const numbers = arrays[type];
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.byteLength === size * numbers.BYTES_PER_ELEMENT) return new numbers(bytes.buffer);
  throw new WorkbookError({
    domain: "model",
    code: "bad-expected-values",
    fault: `the expected values hold ${bytes.byteLength} bytes for ${size} numbers of type ${type}`,
    remedy: "make them again with tests/reference/parity.py, or reload the page"
  });
}
