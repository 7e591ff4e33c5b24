import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openNodeEncoder, openNodeExpressionHead} from "../../../src/components/adapters/onnxruntime-node.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {expectedGenes} from "../../../src/components/core/embed/expected-genes.js";
import {openExpressionHead, type ExpressionHead} from "../../../src/components/core/embed/expression-head.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, reference, toSafetensors} from "../convert/fixture.js";

let bundle: Bundle;
let head: ExpressionHead;
/** Embeddings of the cells whose logits the reference has. */
let cells: Float32Array[];
const {genes, logits} = reference.expression;
const tokens = Int32Array.from(genes);

beforeAll(async () => {
  const files = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files);
  bundle = await openBundle(files);
  head = await openNodeExpressionHead(bundle, {precision: "fp32", threads: 1});
  const encoder = await openNodeEncoder(bundle, {precision: "fp32", threads: 1});
  const vectors = await embedTokens(
    encoder,
    reference.sentences.slice(0, logits.length).map((sentence) => Int32Array.from(sentence))
  );
  cells = logits.map((_, i) => vectors.slice(i * encoder.width, (i + 1) * encoder.width));
  await encoder.close();
});
afterAll(() => head.close());

describe("the expression head", () => {
  it("gives the probabilities of the float64 forward pass from the encoder's own vectors", async () => {
    for (const [i, cell] of cells.entries()) {
      const probabilities = await head.predict(cell, tokens);
      const expected = logits[i].map((logit) => 1 / (1 + Math.exp(-logit)));
      expect(Math.max(...expected.map((value, gene) => Math.abs(value - probabilities[gene])))).toBeLessThan(1e-4);
    }
    const spread = logits.flat().map((logit) => 1 / (1 + Math.exp(-logit)));
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(0.05);
  });

  it("answers in the order of the question, however long it is", async () => {
    const alone = await head.predict(cells[0], tokens);
    const long = Int32Array.from({length: 9000}, (_, i) => tokens[(i * 7) % tokens.length]);
    const answer = await head.predict(cells[0], long);
    expect(answer).toHaveLength(9000);
    expect(Math.max(...answer.map((value, i) => Math.abs(value - alone[(i * 7) % tokens.length])))).toBeLessThan(1e-6);
    expect(await head.predict(cells[0], new Int32Array(0))).toHaveLength(0);
  });

  it("says which gene it does not know, and takes unit vectors of its own width only", async () => {
    await expect(head.predict(cells[0], Int32Array.of(tokens[0], 4242))).rejects.toThrow(/token 4242 \(sentence 1/);
    await expect(
      head.predict(
        cells[0].map((value) => value * 3),
        tokens
      )
    ).rejects.toThrow(/has length 3(\.0+)?, not 1/);
    await expect(head.predict(cells[0].slice(1), tokens)).rejects.toThrow(/has 63 numbers, not 64/);
    await expect(
      head.predict(
        cells[0].map(() => NaN),
        tokens
      )
    ).rejects.toThrow(/embedding/);
  });

  it("stops when aborted, and refuses work once closed", async () => {
    await expect(head.predict(cells[0], tokens, AbortSignal.abort())).rejects.toMatchObject({name: "AbortError"});
    const closing = await openNodeExpressionHead(bundle, {precision: "fp32", threads: 1});
    await closing.close();
    await closing.close();
    await expect(closing.predict(cells[0], tokens)).rejects.toMatchObject({details: {code: "closed"}});
  });

  it("refuses a model without one, and numbers that are none or too few", async () => {
    const without: Bundle = {
      ...bundle,
      manifest: {...bundle.manifest, architecture: {...bundle.manifest.architecture, expression: null}}
    };
    await expect(openNodeExpressionHead(without, {precision: "fp32"})).rejects.toMatchObject({
      details: {domain: "model", code: "no-expression-head"}
    });
    const broken = (answer: number[]) =>
      openExpressionHead(bundle, {
        name: "broken",
        precision: "fp32",
        openSession: async () => ({run: async () => answer, close: async () => {}})
      });
    await expect((await broken([1])).predict(cells[0], tokens.slice(0, 2))).rejects.toThrow(/1 numbers for 2 genes/);
    await expect((await broken([1, NaN])).predict(cells[0], tokens.slice(0, 2))).rejects.toThrow(
      new RegExp(`NaN for token ${tokens[1]}`)
    );
  });
});

describe("expected genes", () => {
  it("are listed from the most expected, the absent among them, and the counted from the least expected", () => {
    const probabilities = [0.1, 0.9, 0.5, 0.5, 0.95, 0.2];
    const counts = [3, 0, 1, 0, 7, 0];
    expect(expectedGenes(probabilities, counts, 3)).toEqual({
      expected: [4, 1, 2],
      absent: [1, 3, 5],
      unexpected: [0, 2, 4]
    });
    expect(expectedGenes(probabilities, counts, 1)).toEqual({expected: [4], absent: [1], unexpected: [0]});
    expect(expectedGenes([], [], 5)).toEqual({expected: [], absent: [], unexpected: []});
  });
});
