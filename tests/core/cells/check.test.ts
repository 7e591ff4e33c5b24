import {describe, expect, test} from "vitest";
import {compareSentences} from "../../reference/compare-sentences.js";

const isGene = (token: number): boolean => token >= 13466;
const compare = (ours: number[] | null, reference: number[] | null) => compareSentences(ours, reference, isGene);

describe("the comparison behind check-sentences", () => {
  test("knows equal sentences, with tokens and without", () => {
    expect(compare([1, 20000], [1, 20000])).toEqual({identical: true, drawsApart: 0});
    expect(compare(null, null)).toEqual({identical: true, drawsApart: 0});
  });

  test("counts exchanged genes, not moved ones and not the chromosome tokens that come with them", () => {
    expect(compare([1, 20001, 20000], [1, 20000, 20001])).toEqual({identical: false, drawsApart: 0});
    expect(compare([1, 1570, 20000, 20001], [1, 1571, 20000, 20002])).toEqual({identical: false, drawsApart: 1});
    expect(compare([1, 20000, 20000], [1, 20001, 20002])).toEqual({identical: false, drawsApart: 2});
  });

  test("counts a gene too few or too many", () => {
    expect(compare([1, 20000], [1, 20000, 20000])).toEqual({identical: false, drawsApart: 1});
  });

  test("takes tokens on one side only for a difference without measure", () => {
    expect(compare(null, [1])).toEqual({identical: false, drawsApart: NaN});
  });
});
