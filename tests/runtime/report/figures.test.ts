import {expect, test} from "vitest";
import {svgToPng} from "../../../src/components/adapters/resvg.js";
import {figureFile} from "../../../src/components/runtime/report/figure-file.js";
import {histogramFigure, mapFigure} from "../../../src/components/runtime/report/figures.js";
import {colorScale, plainScale} from "../../../src/components/views/color-scale.js";

const dotsOf = (svg: string) =>
  [...svg.matchAll(/<path class="(\w+)"[^>]* d="([^"]+)"/g)].flatMap(([, name, d]) =>
    [...d.matchAll(/M(\S+) (\S+?)h0/g)].map(([, x, y]) => ({name, x: Number(x), y: Number(y)}))
  );

test("a map fills its width in one unit, y upward, no higher than it needs, each dot in the color of its cell", () => {
  const scale = colorScale({name: "kind", kind: "text", values: ["b", "a", "b", null]});
  const {svg, legend} = mapFigure("m", "Map", Float32Array.of(0, 0, 10, 0, 10, 5), Int32Array.of(0, 1, 3), scale);
  expect(dotsOf(svg).sort((a, b) => a.x - b.x || b.y - a.y)).toEqual([
    {name: "c0", x: 12, y: 320},
    {name: "c1", x: 628, y: 320},
    {name: "missing", x: 628, y: 12}
  ]);
  expect(svg).toContain('aria-label="Map: 3 cells"');
  expect(svg).toContain('viewBox="0 0 640 332"');
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

/** Two heaps of a hundred cells each, of two groups. */
function heaps() {
  const places = Int32Array.from({length: 200}, (_, i) => i);
  const positions = Float32Array.from({length: 400}, (_, i) => (i < 200 ? 0 : 10) + ((i * 37) % 20) / 10);
  const values = Array.from(places, (i) => (i < 100 ? "T cell" : "B cell+"));
  return mapFigure("map", "Map", positions, places, colorScale({name: "type", kind: "text", values}));
}

test("groups with a place of their own are named on the map, and each has an address in the key", () => {
  const {svg, legend} = heaps();
  expect([...svg.matchAll(/<text [^>]*>([^<]+)</g)].map(([, words]) => words).sort()).toEqual(["B cell+", "T cell"]);
  expect(
    [...legend.matchAll(/<li id="([^"]+)" class="([^"]+)"><a href="#([^"]+)"/g)].map(([, ...parts]) => parts)
  ).toEqual([
    ["map--b-cell-plus", "t-c0", "map--b-cell-plus"],
    ["map--t-cell", "t-c1", "map--t-cell"]
  ]);
});

test("the file of a figure has its title and key, and becomes a PNG with letters on any machine", () => {
  const svg = figureFile(heaps());
  for (const words of [">Map<", ">T cell (100)<", ">B cell+ (100)<"]) expect(svg).toContain(words);
  const png = Buffer.from(svgToPng(svg, 800));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(800);
  expect(Buffer.from(svgToPng(svg, 800)).equals(png)).toBe(true);
  const text = (words: string) =>
    svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="15">${words}</text></svg>`, 99);
  expect(text("CD4+ T…").length).toBeGreaterThan(text("").length + 200);
});

test("the file of a map of numbers has its ramp", () => {
  const scale = colorScale(
    {name: "n", kind: "number", values: Float64Array.of(5, 0, NaN, 2.5)},
    {from: 0, unit: "counts"}
  );
  const svg = figureFile(mapFigure("m", "Map", new Float32Array(8), Int32Array.of(0, 1, 2, 3), scale));
  expect(svg).toContain(">5 counts; 1 cell without a value: gray<");
});
