import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {reading, readTexts} from "../../scripts/reading.js";

/** The model card is a page of the site as well. */
const isPage = (file: string): boolean => file.startsWith("src/") || file === "docs/model-card.md";
const texts = readTexts().map((file) => ({file, ...reading(readFileSync(file, "utf8"))}));
const longer = (most: number, which: (file: string) => boolean): string[] =>
  texts
    .filter(({file}) => which(file))
    .flatMap(({file, longest}) =>
      longest.filter(({words}) => words > most).map(({words, text}) => `${file}, ${words} words: ${text}`)
    );

describe("sentences", () => {
  test("of pages have 30 words at the most", () => {
    expect(texts.filter(({file}) => isPage(file)).length).toBeGreaterThan(9);
    expect(longer(30, isPage)).toEqual([]);
  });

  test("of documents have 60 words at the most", () => {
    expect(longer(60, (file) => !isPage(file))).toEqual([]);
  });
});

describe("the measure", () => {
  test("counts words of prose, not of code, tables, formulas in blocks and sources", () => {
    const text = [
      "---\ntitle: A page\n---\n",
      "# Two words\n",
      "One [link](./x) and ${tex`a_{b}`} here, `code` too. A second one; it goes on.\n",
      "```js\nconst not = counted;\n```\n",
      "| a | table |\n|---|---|\n",
      "- An item\n- Another, of 1.5 lines\n",
      "**Sources.** Someone and others, *A long title of a paper*, 2023."
    ].join("\n");
    const {words, sentences, mean, longest} = reading(text);
    expect(longest.map((one) => one.words)).toEqual([7, 6, 4, 2, 2]);
    expect([words, sentences, mean]).toEqual([21, 5, 21 / 5]);
  });
});
