import {describe, expect, it} from "vitest";
import {describeBrain} from "../../../src/components/core/convert/brain-checkpoint.js";
import {readCheckpointConfig} from "../../../src/components/core/convert/checkpoint-config.js";
import type {CheckpointConfig} from "../../../src/components/core/convert/checkpoint-config.js";
import {erf} from "../../../src/components/core/convert/erf.js";
import {foldTokens, readFoldWeights} from "../../../src/components/core/convert/fold.js";
import type {FoldOptions} from "../../../src/components/core/convert/fold.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {openTensorFile} from "../../../src/components/core/convert/tensor-file.js";
import type {TensorFile} from "../../../src/components/core/convert/tensor-file.js";
import {createRandom} from "../../../src/components/core/random.js";
import {fixtureConfig, fixtureTensors, reference, toSafetensors} from "./fixture.js";
import type {TestTensor} from "./fixture.js";

async function fold(
  file: TensorFile,
  config: CheckpointConfig,
  tokens: number[],
  options?: FoldOptions
): Promise<Float32Array> {
  const {fold: names, table: name} = describeBrain(file, {
    use_embedding_layer_norm: config.inputLayerNorm
  }).layout;
  const table = {name, rows: config.vocabularySize, width: config.inputWidth};
  const [rows] = await foldTokens(file, table, [await readFoldWeights(file, names, config)], tokens, options);
  return rows;
}

/** Input side of a checkpoint of any size, random. */
function randomInputs(config: CheckpointConfig, seed: number): Map<string, TestTensor> {
  const random = createRandom(seed).next;
  const tensors = new Map<string, TestTensor>();
  const add = (name: string, shape: number[], value: () => number) =>
    tensors.set(name, {shape, values: Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, value)});
  const spread = () => 4 * random() - 2;
  add("embedding_layer.embedding.weight", [config.vocabularySize, config.inputWidth], spread);
  for (const part of ["weight", "bias"]) {
    add(`embedding_layer.layer_norm.${part}`, [config.inputWidth], spread);
    add(`input_gene_embedding_projector.1.${part}`, [config.width], spread);
  }
  add(
    "input_gene_embedding_projector.0.weight",
    [config.width, config.inputWidth],
    () => spread() / Math.sqrt(config.inputWidth)
  );
  add("input_gene_embedding_projector.0.bias", [config.width], spread);
  return tensors;
}

const open = (tensors: ReadonlyMap<string, TestTensor>): Promise<TensorFile> =>
  openTensorFile(memoryReader("model.safetensors", toSafetensors(tensors)));

/** One token's row, straight from the formulas, every sum in float64. */
function direct(tensors: ReadonlyMap<string, TestTensor>, config: CheckpointConfig, token: number): number[] {
  const values = (name: string) => tensors.get(name)?.values ?? new Float32Array(0);
  const norm = (x: number[], name: string) => {
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    const [weight, bias] = [values(`${name}.weight`), values(`${name}.bias`)];
    return x.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * weight[i] + bias[i]);
  };
  const row = Array.from(
    values("embedding_layer.embedding.weight").subarray(token * config.inputWidth, (token + 1) * config.inputWidth)
  );
  const x0 = config.inputLayerNorm ? norm(row, "embedding_layer.layer_norm") : row;
  const weight = values("input_gene_embedding_projector.0.weight");
  const projected = Array.from(values("input_gene_embedding_projector.0.bias"), (bias, j) =>
    x0.reduce((sum, value, k) => sum + value * weight[j * config.inputWidth + k], bias)
  );
  return norm(projected, "input_gene_embedding_projector.1").map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2)));
}

describe("the error function", () => {
  it.each([
    // Python's math.erf.
    [0, 0],
    [0.001, 0.0011283787909692363],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
    [6, 1],
    [30, 1],
    [Infinity, 1]
  ])("at %d is right to 1e-15, and odd", (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  });

  it("does not jump where the method changes, and carries NaN", () => {
    expect(Math.abs(erf(3) - erf(3 - 1e-12))).toBeLessThan(2e-15);
    expect(erf(NaN)).toBeNaN();
  });
});

describe("folding the token table", () => {
  it("gives the rows of the float64 forward pass", async () => {
    const file = await open(await fixtureTensors());
    const {tokens, rows} = reference.folded;
    const table = await fold(file, readCheckpointConfig(fixtureConfig), tokens);
    expect(Array.from(table)).toEqual(rows.flat().map(Math.fround));
  });

  it.each([
    {seed: 1, inputWidth: 7, width: 5, vocabularySize: 9, inputLayerNorm: true},
    {seed: 2, inputWidth: 600, width: 8, vocabularySize: 300, inputLayerNorm: true},
    {seed: 3, inputWidth: 513, width: 6, vocabularySize: 131, inputLayerNorm: false}
  ])(
    "equals the direct computation for any sizes and any order of tokens ($inputWidth to $width)",
    async ({seed, ...sizes}) => {
      const config = {...readCheckpointConfig({}), ...sizes};
      const tensors = randomInputs(config, seed);
      const random = createRandom(seed + 100).next;
      const tokens = Array.from({length: 40}, () => Math.floor(random() * config.vocabularySize));
      const table = await fold(await open(tensors), config, tokens);
      const expected = tokens.flatMap((token) => direct(tensors, config, token));
      const worst = Math.max(...expected.map((value, i) => Math.abs(value - table[i]) / Math.max(1, Math.abs(value))));
      expect(worst).toBeLessThan(6e-8);
    }
  );

  it("reads blocks of neighboring rows, never all of a large table", async () => {
    const config = {...readCheckpointConfig({}), inputWidth: 8, width: 4, vocabularySize: 100_000};
    const tensors = randomInputs({...config, vocabularySize: 1}, 4);
    const file = await open(tensors);
    let rowsRead = 0;
    const spied: TensorFile = {
      ...file,
      claim: () => {},
      readRows: async (_, shape, first, count) => {
        expect(shape).toEqual([100_000, 8]);
        expect(first + count).toBeLessThanOrEqual(100_000);
        rowsRead += count;
        return new Float32Array(count * 8).map((_, i) => Math.sin(first * 8 + i));
      }
    };
    const tokens = [0, 1, 2, 99_999, ...Array.from({length: 500}, (_, i) => 13_466 + i)];
    const progress: number[] = [];
    await fold(spied, config, tokens, {onProgress: ({done}) => progress.push(done)});
    expect(rowsRead).toBe(504);
    expect(progress.at(-1)).toBe(504);
    expect(progress.length).toBeGreaterThan(4);
  });

  it("names a token that the checkpoint does not hold", async () => {
    const config = {...readCheckpointConfig({}), inputWidth: 4, width: 4, vocabularySize: 6};
    await expect(fold(await open(randomInputs(config, 5)), config, [1, 6])).rejects.toThrow(/token 6 .* 6 rows/);
  });

  it("stops when aborted", async () => {
    const config = {...readCheckpointConfig({}), inputWidth: 4, width: 4, vocabularySize: 600};
    const abort = new AbortController();
    const tokens = Array.from({length: 600}, (_, i) => i);
    const file = await open(randomInputs(config, 6));
    const folding = fold(file, config, tokens, {signal: abort.signal, onProgress: () => abort.abort()});
    await expect(folding).rejects.toMatchObject({name: "AbortError"});
  });
});
