import {expect, test} from "vitest";
import {nearestNames} from "../../../src/components/core/convert/nearest-names.js";

test("names that are closest come first; a name of any length is compared in no time, and never suggested", () => {
  expect(nearestNames("hiden_dim", ["heads", "hidden_dim", "dim"], 2)).toEqual(["hidden_dim", "dim"]);
  const long = "weight.".repeat(1_000_000);
  const start = performance.now();
  expect(nearestNames(long, ["weight.0", long])).toEqual(["weight.0"]);
  expect(performance.now() - start).toBeLessThan(1000);
});
