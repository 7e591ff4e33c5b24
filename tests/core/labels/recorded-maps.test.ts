import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {demoTissue} from "../demo/demo-tissue.js";
import {expectTrueNames, freshNames, namedMap} from "./name-measures.js";

/** The demo's map, and maps of more droplets of its tissue (tests/reference/map-layouts.ts), with their cell types. */
const demoTypes = demoTissue().cellType;
function recorded(n: number): {positions: Float32Array; labels: string[]} {
  if (n === 260) {
    const {positions} = JSON.parse(readFileSync("src/data/demo-map.json", "utf8")) as {positions: number[]};
    return {positions: Float32Array.from(positions), labels: demoTypes};
  }
  const text = readFileSync(`tests/fixtures/map-layouts/tissue-${n}.json`, "utf8");
  const {positions, groups, group} = JSON.parse(text) as {positions: number[]; groups: string[]; group: number[]};
  return {positions: Float32Array.from(positions), labels: group.map((k) => groups[k])};
}

// A map alone, one of two at 1280 px, one on a phone.
const canvases = [
  [900, 640],
  [560, 560],
  [340, 340]
] as const;

describe.each([260, 2000, 10_000])("a map of %s cells", (n) => {
  const {positions, labels} = recorded(n);

  test.each(canvases)("has true names on %s x %s, and says of the other groups that they have none", (...size) => {
    const map = namedMap(positions, labels, size);
    const names = freshNames();
    const drawn = names.place(map, false);
    expectTrueNames(drawn, map);
    const named = drawn.map(({group}) => map.colors.entries[group].label);
    expect([...named, ...names.unnamed!].sort()).toEqual(map.colors.entries.map(({label}) => label).sort());
  });

  test("keeps its names while the view moves and zooms, and they are true again where it rests", () => {
    const map = namedMap(positions, labels, [560, 560]);
    const names = freshNames();
    let before = names.place(map, false);
    let [kept, seen] = [0, 0];
    for (let step = 1; step <= 10; ++step) {
      const k = 1 + 0.1 * step;
      const {scale, offsetX, offsetY} = map.whole;
      const view = {scale: scale * k, offsetX: 280 + (offsetX - 280) * k, offsetY: 280 + (offsetY - 280) * k};
      for (const hurry of [true, false]) {
        const drawn = names.place({...map, view}, hurry);
        if (!hurry) expectTrueNames(drawn, {...map, view});
        for (const {group, point, dx, dy} of drawn) {
          const old = before.find((name) => name.group === group);
          seen += Number(old !== undefined);
          kept += Number(old?.point === point && old.dx === dx && old.dy === dy);
        }
        before = drawn;
      }
    }
    expect(kept / seen).toBeGreaterThan(0.9);
  });

  test("keeps its names while the points move a little, as at the end of a layout", () => {
    const map = namedMap(positions, labels, [560, 560]);
    const names = freshNames();
    let before = names.place(map, false);
    let [kept, seen] = [0, 0];
    for (let frame = 1; frame <= 6; ++frame) {
      const moved = positions.map((value, i) => value * (1 + 0.002 * frame * Math.sin(i % 97)));
      const next = {...map, positions: moved};
      const drawn = names.place(next, false);
      expectTrueNames(drawn, next);
      for (const {group, point, dx, dy} of drawn) {
        const old = before.find((name) => name.group === group);
        seen += 1;
        kept += Number(old?.point === point && old.dx === dx && old.dy === dy);
      }
      before = drawn;
    }
    expect(kept / seen).toBeGreaterThan(0.9);
  });
});

test("a canvas that grows, as a page is laid out, gets the names of its size", () => {
  const {positions, labels} = recorded(260);
  const names = freshNames();
  const map = namedMap(positions, labels, [560, 560]);
  names.place({...namedMap(positions, labels, [60, 60]), positions, colors: map.colors}, true);
  // The same colors, as the map has them; drawn at once, in a hurry.
  const drawn = names.place(map, true);
  expectTrueNames(drawn, map);
  expect(drawn).toHaveLength(freshNames().place(map, false).length);
});

test("groups that are mixed throughout are not named, and said so; more than thirty groups are not named at all", () => {
  const {positions} = recorded(2000);
  const mixed = namedMap(
    positions,
    Array.from({length: 2000}, (_, i) => ((Math.imul(i + 7, 2654435761) >>> 16) % 2 === 0 ? "one" : "two")),
    [560, 560]
  );
  const names = freshNames();
  expect(names.place(mixed, false)).toEqual([]);
  expect([...names.unnamed!].sort()).toEqual(["one", "two"]);
  const many = namedMap(
    positions,
    Array.from({length: 2000}, (_, i) => `cluster ${i % 31}`),
    [560, 560]
  );
  expect(names.place(many, false)).toEqual([]);
  expect(names.unnamed).toBeNull();
});

test("a map of one group, and cells without a place or a value, get no name", () => {
  const names = freshNames();
  const alone = namedMap(Float32Array.of(0, 0, 1, 1), ["a", "a"], [300, 300]);
  expect([names.place(alone, false), names.unnamed]).toEqual([[], []]);
  const few = namedMap(Float32Array.of(0, 0, 10, 10, NaN, NaN), ["a", null, "b"], [300, 300]);
  expect(names.place(few, false).map(({words}) => words)).toEqual(["a"]);
});

test("long names are cut in the middle, where types differ least", () => {
  const labels = ["CD4+/CD45RA+/CD25- naive regulatory T cell", "CD4+/CD45RO+ memory"];
  const map = namedMap(Float32Array.of(0, 0, 10, 10), labels, [340, 340]);
  const words = freshNames()
    .place(map, false)
    .map((name) => name.words);
  expect(words[0]).toMatch(/^CD4\+\/CD.*….*T cell$/);
  expect(words[1]).toBe("CD4+/CD45RO+ memory");
});
