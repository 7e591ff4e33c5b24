import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {functionsOf} from "./functions.js";
import {filesBelow} from "./imports.js";

const mostOfFile = 300;
const mostOfFunction = 100;

/**
 * What is longer and waits for its redesign: a file, or a function after "#". The list only shrinks: an entry that has become short enough, or is
 * gone, fails the test and is to be deleted; nothing is to be added.
 */
const waiting: string[] = [];

const files = ["src", "scripts", "tests"].flatMap((folder) => filesBelow(folder, [".ts", ".js"]));
const linesOf = (text: string): number => text.trimEnd().split("\n").length;
const found: string[] = [];

for (const file of files) {
  const text = readFileSync(file, "utf8");
  // A long function is in a long file: the others need no parsing.
  if (linesOf(text) <= mostOfFunction) continue;
  if (linesOf(text) > mostOfFile) found.push(file);
  const long = functionsOf(text).filter(({lines}) => lines > mostOfFunction);
  found.push(...long.map(({name, line}) => `${file}#${name === "" ? `line ${line}` : name}`));
}

describe("sources, scripts and tests", () => {
  test(`have no file over ${mostOfFile} lines and no function over ${mostOfFunction}, but for what waits`, () => {
    expect(found.filter((entry) => !waiting.includes(entry))).toEqual([]);
  });

  test("that wait are still too long; what is not is taken off the list", () => {
    expect(waiting.filter((entry) => !found.includes(entry))).toEqual([]);
  });
});

describe("the search for functions", () => {
  test("finds declarations, methods, arrow functions and those inside others, with their lines", () => {
    const text = `function outer<T>(x: T): T {
  const inner = (y: number) => {
    return y;
  };
  return x;
}
class Box {
  open() {
    return 1;
  }
}
const object = {
  read: async () => 1
};
`;
    expect(functionsOf(text)).toEqual([
      {name: "outer", line: 1, lines: 6},
      {name: "inner", line: 2, lines: 3},
      {name: "open", line: 8, lines: 3},
      {name: "read", line: 13, lines: 1}
    ]);
  });

  test("takes a describe for a list of tests, whatever it is called with, and its tests for functions", () => {
    const text = `describe("a", () => {\n  test("b", () => {\n    run();\n  });\n});\ndescribe.each([1])("c", (n) => {\n  n;\n});\n`;
    expect(functionsOf(text)).toEqual([{name: "", line: 2, lines: 3}]);
  });
});
