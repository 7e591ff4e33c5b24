import {expect, test} from "vitest";
import {gatherExplained, type ExplainedCell} from "../../../src/components/core/explain/gather-explained.js";

/** A cell whose change moves it by `move`, other genes by `control`; neighbors and labels as given. */
function cellOf(row: number, move: number, control: number, kept: number, after: string): ExplainedCell {
  const vector = Float32Array.of(1, 0);
  const place = (share: number, name: string) => ({kept: share, label: {name, share: 1}});
  const part = {name: "set", genes: [0], how: "leave out" as const, shown: 1, share: 0.5, move, control, vector};
  return {
    row,
    explained: {vector, otherSeeds: vector, noise: 0.1, reach: 0.2, parts: [{...part, controls: [vector, vector]}]},
    places: {
      label: {name: "B", share: 1},
      otherSeeds: place(0.9, "B"),
      parts: [{mine: place(kept, after), controls: [place(0.8, "B"), place(0.6, "T")]}]
    }
  };
}

test("means over cells, with shares of neighbors and labels that change", () => {
  const found = gatherExplained([cellOf(3, 0.5, 0.1, 0.2, "T"), cellOf(8, 0.3, 0.3, 0.4, "B")]);
  expect([...found.rows]).toEqual([3, 8]);
  expect(found).toMatchObject({noise: 0.1, reach: 0.2, otherSeeds: {kept: 0.9, changed: 0}});
  expect(found.labels!.map(({name}) => name)).toEqual(["B", "B"]);
  const [part] = found.parts;
  expect(part).toMatchObject({move: 0.4, control: 0.2, changed: 0.5, decides: true});
  expect(part.moveError).toBeCloseTo(0.1, 12);
  expect(part.kept).toBeCloseTo(0.3, 12);
  expect(part.others.kept).toBeCloseTo(0.7, 12);
  expect(part.others.changed).toBe(0.5);
});

test("a change decides beyond the reach of seeds and 1.5 times other genes, and not without other genes", () => {
  const decides = (move: number, control: number) =>
    gatherExplained([cellOf(0, move, control, 1, "B")]).parts[0].decides;
  expect(decides(0.19, 0)).toBe(false);
  expect(decides(0.21, 0.1)).toBe(true);
  expect(decides(0.3, 0.2)).toBe(false);
  expect(decides(0.31, 0.2)).toBe(true);
  expect(decides(0.9, NaN)).toBe(false);
});
