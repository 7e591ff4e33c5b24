import {expect, it} from "vitest";
import {planParts} from "../../../src/components/core/kernels/plan-parts.js";

it("hands a quick device more parts ahead, a slow one two short ones", () => {
  expect(planParts(16, 0.62)).toEqual({size: 16, ahead: 8});
  expect(planParts(16, 2)).toEqual({size: 16, ahead: 3});
  expect(planParts(16, 30)).toEqual({size: 8, ahead: 2});
  expect(planParts(16, 1000)).toEqual({size: 1, ahead: 2});
  // Not known yet: the first batch is computed in small parts.
  expect(planParts(16, 125)).toEqual({size: 2, ahead: 2});
});
