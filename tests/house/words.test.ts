import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {expect, test} from "vitest";

/** One spelling, the ecosystem's (normalize, color). Names of files, data sets and standards that are spelled otherwise are taken out first. */
const otherSpelling =
  /\b(colour\w*|neighbour\w*|normalis\w+|centred?|centres|behaviour\w*|favour\w*|greys?|licences?|programmes?|optimis(e|ed|es|ing|ation)|recognis\w+|initialis\w+|serialis\w+|vectoris\w+|organis(e|ed|es|ing|ation)|(un)?labelled|labelling|cancelled|cancelling|judgement|summaris\w+|analysed?|learnt|modelled|modelling|artefacts?|whilst|amongst)\b/i;
/** What nobody should have to read twice, and what is written instead. */
const insteadOf: [pattern: RegExp, write: string][] = [
  [/\b(told|tell|tells) rightly\b/i, "classified correctly"],
  [/\bbecome chances\b/i, "become sampling probabilities"],
  [/\bhad back\b/i, "recovered"],
  [/\bbonds?\b/i, "edges"],
  [/\bleast distance\b/i, "minimum distance (min_dist)"],
  [/\bboth heaps\b/i, "the two distributions"],
  [/\bstrangers?\b/i, "false neighbors"],
  [/\bfor want of memory\b/i, "out of memory"],
  [/\bgoes on in another tab\b/i, "Another tab is running"],
  [/(?<!who use it )\bfor people\b(?! who do not see)/i, "display name"]
];
const foreign = /unlabelled\.h5ad|breast_tumour|aria-labelledby|normalised\.h5ad/g;

const files = execFileSync("git", ["ls-files", "src", "docs", "scripts", "README.md", "training"], {encoding: "utf8"})
  .split("\n")
  .filter((file) => /\.(ts|js|md|css)$/.test(file));
const lines = files.flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .map((text, i) => ({at: `${file}:${i + 1}`, text: text.replace(foreign, "")}))
);

test("pages, messages, options and docs have one spelling", () => {
  expect(lines.length).toBeGreaterThan(10_000);
  expect(lines.filter(({text}) => otherSpelling.test(text)).map(({at, text}) => `${at}: ${text.trim()}`)).toEqual([]);
});

test("and plain words", () => {
  const found = lines.flatMap(({at, text}) =>
    insteadOf.filter(([pattern]) => pattern.test(text)).map(([, write]) => `${at}: write "${write}": ${text.trim()}`)
  );
  expect(found).toEqual([]);
});
