import {describe, expect, test} from "vitest";
import type {ObsColumn} from "../../src/components/core/tables/cells.js";
import {cellOrder, type CellOrderOptions} from "../../src/components/views/cell-order.js";
import {cellsCsv} from "../../src/components/views/cells-csv.js";
import {histogram} from "../../src/components/views/histogram.js";
import {drawOrder} from "../../src/components/views/draw-order.js";
import {drawMap, startRaster, type MapScene} from "../../src/components/views/map-raster.js";
import {changeSelection, pointsInside} from "../../src/components/views/points-inside.js";

const cellIds = ["d", "a", "c", "b", "e"];
const columns: ObsColumn[] = [
  {
    name: "type",
    kind: "categorical",
    codes: Int32Array.of(2, 0, -1, 1, 0),
    categories: ["cluster 10", "cluster 9", 'B, "naive"']
  },
  {name: "counts", kind: "number", values: Float64Array.of(5, 100, 7, 0, 5), valid: Uint8Array.of(1, 1, 1, 0, 1)},
  {name: "note", kind: "text", values: ["x", null, "y", "x", "a"]},
  {name: "row", kind: "integer", values: Int32Array.of(9, 8, 7, 6, 5)}
];

function order(options: Partial<CellOrderOptions>): number[] {
  return [...cellOrder({cellIds, columns, key: "row", descending: false, shown: "all", selection: null, ...options})];
}

describe("the order of a table of cells", () => {
  test("by row, by name, by number, by text, each way; cells without a value come last", () => {
    expect(order({})).toEqual([0, 1, 2, 3, 4]);
    expect(order({descending: true})).toEqual([4, 3, 2, 1, 0]);
    expect(order({key: "cell"})).toEqual([1, 3, 2, 0, 4]);
    expect(order({key: 1})).toEqual([0, 4, 2, 1, 3]);
    expect(order({key: 1, descending: true})).toEqual([1, 2, 0, 4, 3]);
    expect(order({key: 2})).toEqual([4, 0, 3, 2, 1]);
  });

  test("categories sort by name, numbers in names as numbers", () => {
    expect(order({key: 0})).toEqual([0, 3, 1, 4, 2]);
  });

  test("a selection comes first or alone, in the same order", () => {
    const selection = Int32Array.of(1, 3, 4);
    expect(order({selection, shown: "selected first", key: "cell"})).toEqual([1, 3, 4, 2, 0]);
    expect(order({selection, shown: "selected", key: "cell", descending: true})).toEqual([4, 3, 1]);
    expect(order({shown: "selected"})).toEqual([]);
    expect(order({shown: "selected first"})).toEqual([0, 1, 2, 3, 4]);
  });
});

test("selected cells are written as CSV with every kind of column, and no two of one name", () => {
  expect(cellsCsv(cellIds, columns, Int32Array.of(0, 2, 3)).split("\r\n")).toEqual([
    "row,cell_id,type,counts,note,obs:row",
    '0,d,"B, ""naive""",5,x,9',
    "2,c,,7,y,7",
    "3,b,cluster 9,,x,6",
    ""
  ]);
});

describe("selecting on a map", () => {
  const positions = Float32Array.of(0, 0, 1, 1, 2, 2, NaN, 1, 3, 0);
  const view = {scale: 10, offsetX: 100, offsetY: 200};

  test("a shape holds the points that stand in it under the view", () => {
    const square = [
      [95, 205],
      [115, 205],
      [115, 185],
      [95, 185]
    ] as const;
    expect([...pointsInside(positions, view, square)]).toEqual([0, 1]);
    const ring = [
      [90, 210],
      [130, 210],
      [130, 170],
      [90, 170],
      [90, 210],
      [105, 195],
      [115, 195],
      [115, 185],
      [105, 185],
      [105, 195]
    ] as const;
    expect(
      [...pointsInside(positions, view, ring)],
      "where a lasso goes round twice the even-odd rule decides"
    ).toEqual([0, 2]);
  });

  test("shapes replace, add to and take from a selection", () => {
    const selected = Int32Array.of(2, 5, 9);
    expect(changeSelection(selected, Int32Array.of(1, 5), "replace")).toEqual(Int32Array.of(1, 5));
    expect(changeSelection(selected, Int32Array.of(1, 5), "add")).toEqual(Int32Array.of(1, 2, 5, 9));
    expect(changeSelection(selected, Int32Array.of(1, 5), "remove")).toEqual(Int32Array.of(2, 9));
    expect(changeSelection(selected, Int32Array.of(2, 5, 9), "remove")).toBeNull();
    expect(changeSelection(null, new Int32Array(0), "replace")).toBeNull();
  });

  const n = 9000;
  const scene: MapScene = {
    positions: Float32Array.from({length: 2 * n}, (_, i) => (Math.imul(i + 1, 2654435761) >>> 0) % 97),
    order: drawOrder(n),
    index: Uint8Array.from({length: n}, (_, i) => i % 2),
    colors: Uint32Array.of(0xff0000ff, 0xffff0000),
    receding: Uint8Array.of(0, 1),
    scale: 1,
    offsetX: 2,
    offsetY: 98,
    radius: 1.5,
    opacity: 0.8,
    background: 0xffffffff
  };
  const picture = (change: Partial<MapScene>, budget?: number): Uint32Array => {
    const pixels = new Uint32Array(100 * 100);
    if (budget === undefined) drawMap(pixels, 100, 100, {...scene, ...change});
    else {
      const raster = startRaster(pixels, 100, 100, {...scene, ...change});
      let slices = 1;
      while (!raster.advance(performance.now() + budget)) slices += 1;
      expect(slices).toBeGreaterThan(0);
    }
    return pixels;
  };

  test("points outside a selection take the color that recedes, under the others", () => {
    const chosen = new Uint8Array(n);
    chosen[4] = 1;
    const pixels = picture({chosen, away: 0xffeeeeee});
    const at = (100 - 2 - scene.positions[9]) * 100 + scene.positions[8] + 2;
    expect(pixels[at] & 255).toBeGreaterThan(200);
    expect((pixels[at] >> 8) & 255, "red over gray").toBeLessThan(100);
    expect(new Set(pixels).size).toBeLessThan(400);
  });

  test("a picture drawn in slices of time is the one that is drawn at once", () => {
    expect(picture({}, 0.05)).toEqual(picture({}));
  });
});

describe("histograms", () => {
  test("every value is in one bar, those that are no numbers beside", () => {
    const {edges, counts, missing} = histogram([0, 1, 2, 2.5, 10, NaN, 9.99], 5, {low: 0});
    expect([...edges]).toEqual([0, 2, 4, 6, 8, 10]);
    expect([...counts]).toEqual([2, 2, 0, 0, 2]);
    expect(missing).toBe(1);
  });

  test("on a log axis the bars widen by equal factors of 1 + x", () => {
    const {edges, counts} = histogram([0, 9, 99, 999], 3, {log: true, low: 0});
    expect([...edges].map((edge) => Math.round(edge))).toEqual([0, 9, 99, 999]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  test("one value, or none, gives bars all the same", () => {
    expect([...histogram([3, 3], 2).counts]).toEqual([2, 0]);
    expect([...histogram([], 2).counts]).toEqual([0, 0]);
  });
});
