import {WorkbookError} from "../errors.js";
import type {CheckpointConfig} from "./checkpoint-config.js";
import {erf} from "./erf.js";
import type {Safetensors} from "./safetensors.js";

/** Epsilon of every LayerNorm of the family (PyTorch's default). */
export const layerNormEpsilon = 1e-5;

/** Progress of folding, in table rows. */
export interface FoldProgress {
  done: number;
  total: number;
}

/**
 * Folds the input side of a checkpoint into a table: row t is GELU(LayerNorm(W LayerNorm(E[token]) + b)), all of what
 * the model computes from a token before its position matters (docs/model.md, "Folding").
 *
 * Sums in float64 and rounds once, to float32. Reads only the needed ranges of E, a block at a time, so a 3 GB
 * checkpoint needs some tens of megabytes. `tokens` are rows of E, in the order of the table's rows; the result is
 * tokens.length x config.width, row-major. Throws "token-out-of-range" for a token that E does not hold.
 */
export async function foldTokens(
  file: Safetensors,
  prefix: string,
  config: CheckpointConfig,
  tokens: ArrayLike<number>,
  {signal, onProgress}: {signal?: AbortSignal; onProgress?: (progress: FoldProgress) => void} = {}
): Promise<Float32Array<ArrayBuffer>> {
  const {width, inputWidth, vocabularySize, inputLayerNorm} = config;
  const inputNorm = inputLayerNorm
    ? await readNorm(file, `${prefix}embedding_layer.layer_norm`, inputWidth, signal)
    : undefined;
  const weight = Float64Array.from(
    await file.read(`${prefix}input_gene_embedding_projector.0.weight`, [width, inputWidth], signal)
  );
  const bias = await file.read(`${prefix}input_gene_embedding_projector.0.bias`, [width], signal);
  const norm = await readNorm(file, `${prefix}input_gene_embedding_projector.1`, width, signal);
  const table = new Float32Array(tokens.length * width);
  const name = `${prefix}embedding_layer.embedding.weight`;
  let done = 0;
  for (const {first, count, rows} of blocks(tokens, vocabularySize)) {
    signal?.throwIfAborted();
    const input = await file.readRows(name, [vocabularySize, inputWidth], first, count, signal);
    const normed = new Float64Array(rows.length * inputWidth);
    rows.forEach((row, i) => {
      const from = (tokens[row] - first) * inputWidth;
      const target = normed.subarray(i * inputWidth, (i + 1) * inputWidth);
      target.set(input.subarray(from, from + inputWidth));
      if (inputNorm !== undefined) layerNorm(target, inputNorm);
    });
    const projected = multiplyTransposed(normed, weight, rows.length, width, inputWidth);
    rows.forEach((row, i) => {
      const values = projected.subarray(i * width, (i + 1) * width);
      for (let j = 0; j < width; ++j) values[j] += bias[j];
      layerNorm(values, norm);
      for (let j = 0; j < width; ++j) table[row * width + j] = gelu(values[j]);
    });
    done += rows.length;
    onProgress?.({done, total: tokens.length});
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  return table;
}

/** Most rows of E in one read: 128 rows of 5120 are 2.6 MB. */
const blockRows = 128;

/** Table rows in ascending order of token, cut into reads of neighboring rows of E. */
function* blocks(
  tokens: ArrayLike<number>,
  vocabularySize: number
): Generator<{first: number; count: number; rows: number[]}> {
  const order = Array.from(tokens, (_, row) => row).sort((a, b) => tokens[a] - tokens[b]);
  for (const row of order) checkToken(tokens[row], vocabularySize);
  for (let at = 0; at < order.length;) {
    const first = tokens[order[at]];
    let end = at + 1;
    while (end < order.length && tokens[order[end]] - first < blockRows) ++end;
    yield {first, count: tokens[order[end - 1]] - first + 1, rows: order.slice(at, end)};
    at = end;
  }
}

function checkToken(token: number, vocabularySize: number): void {
  if (Number.isInteger(token) && token >= 0 && token < vocabularySize) return;
  throw new WorkbookError({
    domain: "checkpoint",
    code: "token-out-of-range",
    fault: `token ${token} is not a row of the checkpoint's token table, which has ${vocabularySize} rows`,
    remedy: "give the gene dictionary that belongs to this checkpoint"
  });
}

interface Norm {
  weight: Float32Array;
  bias: Float32Array;
}

async function readNorm(file: Safetensors, name: string, width: number, signal?: AbortSignal): Promise<Norm> {
  return {
    weight: await file.read(`${name}.weight`, [width], signal),
    bias: await file.read(`${name}.bias`, [width], signal)
  };
}

function layerNorm(values: Float64Array, {weight, bias}: Norm): void {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; ++i) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; ++i) squares += (values[i] - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / n + layerNormEpsilon);
  for (let i = 0; i < n; ++i) values[i] = (values[i] - mean) * scale * weight[i] + bias[i];
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

/** a (rows x inner) times the transpose of b (columns x inner), 4 x 4 results at a time, sliced along the inner axis. */
function multiplyTransposed(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  columns: number,
  inner: number
): Float64Array {
  const product = new Float64Array(rows * columns);
  const slice = 512;
  for (let from = 0; from < inner; from += slice) {
    const to = Math.min(inner, from + slice);
    for (let j = 0; j < columns; j += 4) {
      for (let i = 0; i < rows; i += 4) {
        if (i + 4 <= rows && j + 4 <= columns) addTile(product, a, b, i, j, columns, inner, from, to);
        else addEdge(product, a, b, i, j, rows, columns, inner, from, to);
      }
    }
  }
  return product;
}

function addTile(
  product: Float64Array,
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  columns: number,
  inner: number,
  from: number,
  to: number
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0,
    s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0,
    s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  const a0 = i * inner,
    a1 = a0 + inner,
    a2 = a1 + inner,
    a3 = a2 + inner;
  const b0 = j * inner,
    b1 = b0 + inner,
    b2 = b1 + inner,
    b3 = b2 + inner;
  for (let k = from; k < to; ++k) {
    const x0 = a[a0 + k],
      x1 = a[a1 + k],
      x2 = a[a2 + k],
      x3 = a[a3 + k];
    const y0 = b[b0 + k],
      y1 = b[b1 + k],
      y2 = b[b2 + k],
      y3 = b[b3 + k];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const p0 = i * columns + j,
    p1 = p0 + columns,
    p2 = p1 + columns,
    p3 = p2 + columns;
  product[p0] += s00;
  product[p0 + 1] += s01;
  product[p0 + 2] += s02;
  product[p0 + 3] += s03;
  product[p1] += s10;
  product[p1 + 1] += s11;
  product[p1 + 2] += s12;
  product[p1 + 3] += s13;
  product[p2] += s20;
  product[p2 + 1] += s21;
  product[p2 + 2] += s22;
  product[p2 + 3] += s23;
  product[p3] += s30;
  product[p3 + 1] += s31;
  product[p3 + 2] += s32;
  product[p3 + 3] += s33;
}

function addEdge(
  product: Float64Array,
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  rows: number,
  columns: number,
  inner: number,
  from: number,
  to: number
): void {
  for (let r = i; r < Math.min(rows, i + 4); ++r) {
    for (let c = j; c < Math.min(columns, j + 4); ++c) {
      let sum = 0;
      for (let k = from; k < to; ++k) sum += a[r * inner + k] * b[c * inner + k];
      product[r * columns + c] += sum;
    }
  }
}
