// @vitest-environment jsdom
import {deflateSync} from "node:zlib";
import {expect, test} from "vitest";
import {withDensity} from "../../src/components/core/away/png-density.js";
import {colorScale} from "../../src/components/views/color-scale.js";
import {printFigure} from "../../src/components/views/print-figure.js";

const cells = Int32Array.of(0, 1, 3);
const positions = Float32Array.of(0, 0, 4, 0, 2, 2);
const content = {title: "A <map>", positions, cells, provenance: "word ".repeat(120).trim()};
const groups = colorScale({
  name: "kind",
  kind: "categorical",
  codes: Int32Array.of(0, 1, 1, 1),
  categories: ["a & b", "a very long name of a group that no legend at this size has room for, so it is cut"]
});

function drawn(svg: string): Document {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(document.querySelector("parsererror"), svg).toBeNull();
  return document;
}

test("a figure for print stands alone: size in millimeters, title, legend with the cells drawn, what made it, in lines that fit", () => {
  const {svg, width, height} = printFigure({...content, scale: groups, selected: null});
  const document = drawn(svg);
  const root = document.documentElement;
  expect([root.getAttribute("width"), width]).toEqual(["180mm", 180]);
  expect(root.getAttribute("height")).toBe(`${height.toFixed(2)}mm`);
  const texts = [...document.querySelectorAll("text")].map((text) => text.textContent);
  expect(texts).toContain("A <map>");
  expect(texts).toContain("a & b 1");
  expect(texts.find((text) => text.startsWith("a very long"))).toMatch(/….* 2$/);
  expect(texts.filter((text) => text.startsWith("word")).every((line) => line.length < 170)).toBe(true);
  const dots = [...document.querySelectorAll("path")].flatMap((path) => path.getAttribute("d")!.split("M").slice(1));
  // Both axes have one unit: 4 wide, 2 high.
  const [x, y] = [0, 1].map((k) => dots.map((dot) => Number(dot.replace("h0", "").split(" ")[k])));
  expect([Math.max(...x) - Math.min(...x), Math.max(...y) - Math.min(...y)]).toEqual([310, 155]);
  expect(svg).not.toMatch(/<script|<style|href|url\(/);
});

test("cells that are not selected are gray and beneath, and are not counted in the legend", () => {
  const {svg} = printFigure({...content, scale: groups, selected: Int32Array.of(3)});
  const document = drawn(svg);
  const strokes = [...document.querySelectorAll("path")].map((path) => path.getAttribute("stroke"));
  expect(strokes).toEqual(["#e4e6e9", groups.light[groups.index[3]]]);
  expect(svg).toContain("1 selected cell of 3 cells; the others are gray");
  expect([...document.querySelectorAll("text")].some((text) => text.textContent === "a & b 1")).toBe(false);
});

test("numbers have a ramp with its ends and unit", () => {
  const values = Float64Array.of(1, 2, 3, 4);
  const scale = colorScale({name: "n", kind: "number", values, valid: Uint8Array.of(1, 1, 1, 0)}, {unit: "counts"});
  const texts = [...drawn(printFigure({...content, scale, selected: null}).svg).querySelectorAll("text")];
  expect(texts.map((text) => text.textContent)).toEqual(
    expect.arrayContaining(["n", "counts", "no value (gray): 1 cells"])
  );
});

test("a PNG gets its resolution, with a checksum that holds", () => {
  const head = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];
  const png = Uint8Array.of(...head, ...new Array<number>(17).fill(0), ...deflateSync("x"));
  const dense = withDensity(png, 300);
  expect([...dense.subarray(0, 33), ...dense.subarray(54)]).toEqual([...png]);
  // 300 dots an inch are 11811 a meter; the checksum is the one that other programs write for it.
  expect(Buffer.from(dense.subarray(33, 54)).toString("hex")).toBe(
    "0000000970485973" + "00002e2300002e2301" + "78a53f76"
  );
});
