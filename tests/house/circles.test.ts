import {dirname} from "node:path";
import {describe, expect, test} from "vitest";
import {circlesOf} from "./circles.js";
import {filesBelow, importsOf} from "./imports.js";

/**
 * Imports that close a circle and wait to be mended with the redesign of what they belong to, each with the reason. The list only shrinks:
 * an entry whose import is gone fails the test.
 */
const waiting: [from: string, to: string][] = [];

const imports = filesBelow("src/components", [".ts"])
  .flatMap((file) => importsOf(file))
  .filter(({to}) => to.startsWith("src/components/"));

function graphOf(name: (path: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const {from, to} of imports) {
    if (waiting.some(([a, b]) => a === from && b === to)) continue;
    const [a, b] = [name(from), name(to)];
    if (!edges.has(a)) edges.set(a, new Set());
    if (a !== b) edges.get(a)!.add(b);
  }
  return edges;
}

describe("imports, those of types included", () => {
  test("have no circle of files", () => {
    expect(circlesOf(graphOf((path) => path))).toEqual([]);
  });

  test("have no circle of folders", () => {
    expect(circlesOf(graphOf(dirname))).toEqual([]);
  });

  test("that wait to be mended are still there", () => {
    const gone = waiting.filter(([from, to]) => !imports.some((found) => found.from === from && found.to === to));
    expect(gone).toEqual([]);
  });
});

describe("the search for circles", () => {
  const graph = (edges: Record<string, string[]>) =>
    new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));

  test("finds each circle once, of any length, and none in a tree", () => {
    expect(circlesOf(graph({a: ["b", "c"], b: ["d"], c: ["d"], d: []}))).toEqual([]);
    expect(circlesOf(graph({a: ["b"], b: ["c"], c: ["a", "d"], d: ["e"], e: ["d"]}))).toEqual([
      ["a", "b", "c"],
      ["d", "e"]
    ]);
  });
});
