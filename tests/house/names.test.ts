import {readFileSync} from "node:fs";
import {basename} from "node:path";
import {expect, test} from "vitest";
import {filesBelow} from "./imports.js";

/**
 * A question is named like the function of the core that answers it, and the five functions that make stages are named for whoever writes
 * a notebook: these names stand beside the core's own.
 */
const files = filesBelow("src/components/core", [".ts"]).filter(
  (file) => !file.startsWith("src/components/core/questions/") && file !== "src/components/core/stages/stage.ts"
);

/** Those of `names` (name and place) that two places have. */
function twice(names: [name: string, place: string][]): string[] {
  return names
    .filter(([name, place]) => names.some(([other, elsewhere]) => other === name && elsewhere !== place))
    .map(([name, place]) => `${name}: ${place}`)
    .sort();
}

test("in the core no two files have one name", () => {
  expect(twice(files.filter((file) => !file.endsWith("/index.ts")).map((file) => [basename(file), file]))).toEqual([]);
});

test("in the core no two files export one name, so that a name means one thing", () => {
  const pattern = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;
  const exported = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(pattern)].map((match): [string, string] => [match[1], file])
  );
  expect(exported.length).toBeGreaterThan(400);
  expect(twice(exported)).toEqual([]);
});

test("what is there twice is told with both places", () => {
  const names: [string, string][] = [
    ["rows", "a.ts"],
    ["rows", "b.ts"],
    ["cells", "a.ts"]
  ];
  expect(twice(names)).toEqual(["rows: a.ts", "rows: b.ts"]);
});
