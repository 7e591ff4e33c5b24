import {describe, expect, test} from "vitest";
import {cellDescriptions} from "../../src/components/views/cell-descriptions.js";
import {type CategoricalScale, colorScale} from "../../src/components/views/color-scale.js";
import {drawOrder} from "../../src/components/views/draw-order.js";
import {fitPoints, moveFit, pointRadius, sameFit} from "../../src/components/views/map-fit.js";
import {drawMap, type MapScene} from "../../src/components/views/map-raster.js";
import {describeMap} from "../../src/components/views/map-words.js";
import {pointIndex} from "../../src/components/views/point-index.js";
import {niceTicks} from "../../src/components/views/ticks.js";

const [white, red, blue] = [0xffffffff, 0xff0000ff, 0xffff0000];

function scene(points: number[], more: Partial<MapScene> = {}): MapScene {
  const n = points.length / 2;
  return {
    positions: Float32Array.from(points),
    order: Uint32Array.from({length: n}, (_, i) => i),
    index: new Uint8Array(n),
    colors: Uint32Array.of(red, blue),
    scale: 1,
    offsetX: 0,
    offsetY: 20,
    radius: 3,
    opacity: 1,
    background: white,
    ...more
  };
}

function drawn(what: MapScene): Uint32Array {
  const pixels = new Uint32Array(20 * 20);
  drawMap(pixels, 20, 20, what);
  return pixels;
}

describe("drawing points", () => {
  test("a point is a round disc where it belongs, y upwards", () => {
    const pixels = drawn(scene([10, 15]));
    const inside = [...pixels.keys()].filter(
      (i) => Math.hypot((i % 20) + 0.5 - 10, Math.floor(i / 20) + 0.5 - 5) < 2.2
    );
    const outside = [...pixels.keys()].filter(
      (i) => Math.hypot((i % 20) + 0.5 - 10, Math.floor(i / 20) + 0.5 - 5) > 3.8
    );
    expect(inside.length).toBeGreaterThan(10);
    expect(inside.every((i) => pixels[i] === red)).toBe(true);
    expect(outside.every((i) => pixels[i] === white)).toBe(true);
  });

  test("its edge is smooth: the ink adds up to the disc's area", () => {
    const ink = [...drawn(scene([10.3, 9.6]))].reduce((sum, pixel) => sum + (255 - ((pixel >> 8) & 255)) / 255, 0);
    expect(ink).toBeGreaterThan(0.93 * Math.PI * 9);
    expect(ink).toBeLessThan(1.07 * Math.PI * 9);
  });

  test("later points lie over earlier ones, in the order given", () => {
    const two = {index: Uint8Array.of(0, 1)};
    expect(drawn(scene([10, 10, 10, 10], two))[10 * 20 + 10]).toBe(blue);
    expect(drawn(scene([10, 10, 10, 10], {...two, order: Uint32Array.of(1, 0)}))[10 * 20 + 10]).toBe(red);
  });

  test("receding colors lie under all others, whatever the order", () => {
    const pixels = drawn(scene([10, 10, 10, 10], {index: Uint8Array.of(0, 1), receding: Uint8Array.of(0, 1)}));
    expect(pixels[10 * 20 + 10]).toBe(red);
  });

  test("half opaque is half way to the page", () => {
    const pixel = drawn(scene([10, 10], {opacity: 0.5}))[10 * 20 + 10];
    expect([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255, pixel >>> 24]).toEqual([255, 127, 127, 255]);
  });

  test("points over the edges, outside, or without a place harm nothing", () => {
    const pixels = drawn(scene([0, 20, 20, 0, -2, 10, 500, 500, NaN, 3, Infinity, 1, 1e30, 1e30]));
    expect(pixels[0]).toBe(red);
    expect(pixels[399]).toBe(red);
    expect(pixels[10 * 20 + 10]).toBe(white);
  });
});

describe("fitting", () => {
  const points = Float32Array.of(-1, 0, 3, 2, NaN, NaN);

  test("all points are in the box, in the middle, with one scale for both axes", () => {
    const fit = fitPoints(points, 200, 100, 10)!;
    expect(fit.scale).toBe(40);
    const [left, right] = [-1, 3].map((x) => x * fit.scale + fit.offsetX);
    const [bottom, top] = [0, 2].map((y) => fit.offsetY - y * fit.scale);
    expect([left, right, top, bottom]).toEqual([20, 180, 10, 90]);
  });

  test("one point stands in the middle; no point has no fit", () => {
    const fit = fitPoints(Float32Array.of(5, 7), 200, 100, 10)!;
    expect([5 * fit.scale + fit.offsetX, fit.offsetY - 7 * fit.scale]).toEqual([100, 50]);
    expect(fitPoints(Float32Array.of(NaN, 1), 200, 100, 10)).toBeNull();
  });

  test("a view that follows starts where it was, ends at the target, and never jumps", () => {
    const from = {scale: 10, offsetX: 3, offsetY: 70};
    const to = fitPoints(points, 200, 100, 10)!;
    expect(moveFit(from, to, 1, 200, 100)).toBe(to);
    const start = moveFit(from, to, 0, 200, 100);
    expect([start.scale, start.offsetX, start.offsetY].map((v) => Number(v.toFixed(9)))).toEqual([10, 3, 70]);
    let now = from;
    let steps = 0;
    for (; !sameFit(now, to, 200, 100) && steps < 200; ++steps) {
      const next = moveFit(now, to, 0.1, 200, 100);
      expect(next.scale / now.scale).toBeLessThan(1.2);
      now = next;
    }
    expect(steps).toBeGreaterThan(10);
    expect(steps).toBeLessThan(100);
  });

  test("points get smaller as they get more", () => {
    const radii = [10, 400, 3000, 50_000, 1_000_000].map((n) => pointRadius(n, 960 * 720));
    expect(radii).toEqual([...radii].sort((a, b) => b - a));
    expect([radii[0], radii[4]]).toEqual([7, 1]);
  });
});

describe("finding the nearest point", () => {
  const order = drawOrder(4000, 5);
  const positions = Float32Array.from(order, (value, i) =>
    i % 37 === 0 ? NaN : Math.sin(value) * (i % 2 === 0 ? 40 : 7)
  );

  test("agrees with looking at all of them", () => {
    const index = pointIndex(positions);
    for (let k = 0; k < 300; ++k) {
      const [x, y, reach] = [Math.cos(k * 1.7) * 45, Math.sin(k * 2.3) * 9, 0.02 + (k % 10) * 0.3];
      let [best, least] = [-1, reach * reach];
      for (let i = 0; i < positions.length / 2; ++i) {
        const distance = (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2;
        if (distance < least) [best, least] = [i, distance];
      }
      expect(index.nearest(x, y, reach)).toBe(best);
    }
  });

  test("finds nothing among nothing, and one among equals", () => {
    expect(pointIndex(new Float32Array(0)).nearest(0, 0, 10)).toBe(-1);
    expect(pointIndex(Float32Array.of(NaN, NaN)).nearest(0, 0, 10)).toBe(-1);
    expect(pointIndex(Float32Array.of(2, 2, 2, 2)).nearest(2.1, 2, 1)).toBe(0);
    expect(pointIndex(Float32Array.of(2, 2)).nearest(5, 2, 1)).toBe(-1);
  });
});

describe("the order of drawing", () => {
  test("is a permutation, always the same, and mixes a sorted file", () => {
    const order = drawOrder(10_000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({length: 10_000}, (_, i) => i));
    expect(drawOrder(10_000)).toEqual(order);
    expect(drawOrder(10_000, 2)).not.toEqual(order);
    const early = order.subarray(0, 5000).reduce((n, i) => n + Number(i < 5000), 0);
    expect(Math.abs(early - 2500)).toBeLessThan(125);
  });
});

describe("words about a map", () => {
  const scale = colorScale({
    name: "cell_type",
    kind: "text",
    values: ["B", "B", "B", "T", "T", null]
  }) as CategoricalScale;

  test("name the groups and the keys", () => {
    expect(describeMap(6, scale)).toBe(
      "6 cells, colored by cell_type: B 3 cells, T 2 cells, not given 1 cell. Arrow keys move, plus and minus zoom, 0 shows all."
    );
    const amounts = colorScale({name: "counts", kind: "number", values: Float64Array.of(1, 2, 3)}, {unit: "counts"});
    expect(describeMap(3, amounts)).toContain("colored by counts: from 1 to 3 counts.");
  });

  test("a tooltip reads the columns of the cell that the point stands for", () => {
    const cells = {
      cellIds: ["a", "b"],
      obs: [
        {name: "type", kind: "categorical" as const, codes: Int32Array.of(0, -1), categories: ["B cell"]},
        {name: "mito", kind: "number" as const, values: Float64Array.of(1.2345, 0), valid: Uint8Array.of(1, 0)},
        {name: "doublet", kind: "boolean" as const, values: Uint8Array.of(1, 0)}
      ]
    };
    const all = cellDescriptions(cells, [1, 0]);
    expect(all.name(1)).toBe("a");
    expect(all.describe(1)).toEqual([
      ["type", "B cell"],
      ["mito", "1.23"],
      ["doublet", "true"]
    ]);
    expect(all.describe(0)).toEqual([
      ["type", "–"],
      ["mito", "–"],
      ["doublet", "false"]
    ]);
    expect(cellDescriptions(cells, undefined, ["mito"]).describe(0)).toEqual([["mito", "1.23"]]);
  });
});

describe("ticks", () => {
  test.each([
    [0, 10, [0, 2, 4, 6, 8, 10]],
    [0.13, 0.98, [0.2, 0.4, 0.6, 0.8]],
    [-1, 1, [-1, -0.5, 0, 0.5, 1]],
    [5, 5, []],
    [NaN, 1, []]
  ])("from %s to %s", (low, high, ticks) => expect(niceTicks(low, high, 4)).toEqual(ticks));

  test("of logarithms are powers of ten, finer in a narrow range", () => {
    expect(niceTicks(0, 50_000, 4, true)).toEqual([1, 10, 100, 1000, 10_000]);
    expect(niceTicks(0, 2e6, 4, true)).toEqual([0, 1, 100, 10_000, 1_000_000]);
    expect(niceTicks(0, 500, 4, true)).toEqual([0, 1, 10, 100]);
    expect(niceTicks(200, 900, 4, true)).toEqual([200, 400, 600, 800]);
    expect(niceTicks(0, 0.4, 4, true)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  });
});
