import {describe, expect, test} from "vitest";
import {inlineFolder} from "../../src/components/core/convert/row-folder.js";
import type {FoldWeights} from "../../src/components/core/convert/fold-rows.js";
import {createRandom} from "../../src/components/core/random.js";
import {threadFolder} from "../../src/components/runtime/node-folder.js";

const random = createRandom(7).next;
const values = (count: number) => Float32Array.from({length: count}, () => 2 * random() - 1);
const [inputWidth, width] = [600, 9];
const weights: FoldWeights = {
  inputWidth,
  width,
  inputNorm: {weight: values(inputWidth), bias: values(inputWidth)},
  projection: values(width * inputWidth),
  bias: values(width),
  norm: {weight: values(width), bias: values(width)}
};

describe("folding in threads", () => {
  test("gives, bit for bit, what folding in one thread gives, in any order of blocks", async () => {
    const blocks = [5, 1, 128, 7].map((rows) => values(rows * inputWidth));
    const inline = await inlineFolder(weights);
    const expected = await Promise.all(blocks.map((rows) => inline.fold(rows.slice())));
    const folder = await threadFolder(weights, 2);
    try {
      expect(folder.parallel).toBe(2);
      expect(await Promise.all(blocks.map((rows) => folder.fold(rows.slice())))).toEqual(expected);
    } finally {
      await folder.close();
    }
  });

  test("rejects in words where a thread ends, and does not wait forever", async () => {
    const folder = await threadFolder({...weights, projection: undefined as never}, 1);
    await expect(folder.fold(values(inputWidth))).rejects.toMatchObject({
      details: {domain: "encoder", code: "fold-failed"}
    });
    await expect(folder.fold(values(inputWidth))).rejects.toThrow(/a thread that folds token rows ended/);
    await folder.close();
  });
});
