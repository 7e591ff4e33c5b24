import {expect, test} from "vitest";
import {histogramFigure, mapFigure} from "../../../src/components/runtime/report/figures.js";
import {colorScale, plainScale} from "../../../src/components/views/color-scale.js";

const dotsOf = (svg: string) =>
  [...svg.matchAll(/<path class="(\w+)"[^>]* d="([^"]+)"/g)].flatMap(([, name, d]) =>
    [...d.matchAll(/M(\S+) (\S+?)h0/g)].map(([, x, y]) => ({name, x: Number(x), y: Number(y)}))
  );

test("a map fills its square in one unit, y upward, each dot in the color of its cell", () => {
  const scale = colorScale({name: "kind", kind: "text", values: ["b", "a", "b", null]});
  const {svg, legend} = mapFigure("m", "Map", Float32Array.of(0, 0, 10, 0, 10, 5), Int32Array.of(0, 1, 3), scale);
  expect(dotsOf(svg).sort((a, b) => a.x - b.x || b.y - a.y)).toEqual([
    {name: "c0", x: 12, y: 474},
    {name: "c1", x: 628, y: 474},
    {name: "missing", x: 628, y: 166}
  ]);
  expect(svg).toContain('aria-label="Map: 3 cells"');
  expect(legend.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")).toMatch(/b 2 a 1 not given 1/);
});

test("numbers are drawn from low to high, missing ones first", () => {
  const scale = colorScale({name: "n", kind: "number", values: Float64Array.of(5, 0, NaN, 2.5)}, {from: 0});
  const {svg} = mapFigure("m", "Map", new Float32Array(8), Int32Array.of(0, 1, 2, 3), scale);
  const names = dotsOf(svg).map(({name}) => name);
  expect(names[0]).toBe("missing");
  const steps = names.slice(1).map((name) => Number(name.slice(1)));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps[2]).toBe(15);
});

test("of many cells a choice is drawn, the same each time, and the title says so", () => {
  const places = Int32Array.from({length: 25_000}, (_, i) => i);
  const positions = Float32Array.from({length: 50_000}, (_, i) => (i * 7919) % 1000);
  const draw = () => mapFigure("m", "Map", positions, places, plainScale(25_000));
  const {svg, title} = draw();
  expect(dotsOf(svg)).toHaveLength(20_000);
  expect(title).toBe("Map, a random 20,000 of 25,000 cells");
  expect(svg.length).toBeLessThan(400_000);
  expect(draw().svg).toBe(svg);
});

test("a histogram counts every finite value once, and none at all is no fault", () => {
  const {svg} = histogramFigure("h", "Histogram", "counts", [1, 2, 2, 3, NaN, 3]);
  expect(svg).toContain('aria-label="Histogram: 5 cells, median 2"');
  expect([...svg.matchAll(/<rect [^>]*height="([\d.]+)"/g)].filter(([, height]) => Number(height) > 0)).toHaveLength(3);
  expect(histogramFigure("h", "Histogram", "counts", []).svg).toContain("0 cells, no values");
  expect(histogramFigure("h", "H", "counts", [1, 1000]).svg).toContain("counts, logarithmic");
});
