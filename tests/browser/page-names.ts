import {readdirSync} from "node:fs";

/** Every page of the site, as its address below the site's ("index", "stages/load"). */
export const pageNames = readdirSync("src", {recursive: true, encoding: "utf8"})
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.md(\.[jt]s)?$/.test(path) && !/^(\.observablehq|components|data)\//.test(path))
  .map((path) => path.replace(/\.md(\.[jt]s)?$/, ""))
  .sort();

/** Pages that take long to show it all: another file that has them there judges them, too. Most of these watch on a phone for what moves (`watchedElsewhere`). */
export const judgedElsewhere: Record<string, string> = {
  "stages/embed": "tests/browser/embed-chapter.test.ts",
  "stages/umap": "tests/browser/umap-page.test.ts",
  answers: "tests/browser/answers-markers.test.ts",
  benchmarks: "tests/browser/bench-page.test.ts",
  model: "tests/browser/model-page.test.ts",
  trust: "tests/browser/trust.test.ts",
  "your-own": "tests/browser/reader.test.ts",
  decide: "tests/browser/decide-scores.test.ts",
  scores: "tests/browser/decide-scores.test.ts",
  parity: "tests/browser/parity-page.test.ts"
};

/** Of these pages, those that are opened there on a phone, and expected not to move under their reader. */
export const watchedElsewhere = ["stages/umap", "answers", "benchmarks", "model", "trust", "decide", "scores"];
