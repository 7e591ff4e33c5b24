import {expect, test} from "vitest";
import {citationFile, describedLines, parseDescription} from "../../../src/components/core/report/description.js";

test("tags become lines in a fixed order, accessions addresses", () => {
  const description = parseDescription('{"doi": "10.1/a b", "title": "T", "lab": "L", "geo_series": "GSE1"}', "d.json");
  expect(describedLines(description)).toEqual([
    {label: "Lab", text: "L"},
    {label: "DOI", text: "10.1/a b", href: "https://doi.org/10.1/a%20b"},
    {label: "GEO", text: "GSE1", href: "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE1"}
  ]);
});

test.each([
  ["{", /d\.json is not JSON/],
  ["[]", /no JSON object/],
  ['{"titel": "T"}', /tag "titel", which is not known: use title, abstract/],
  ['{"title": 1}', /title in d\.json is no text/],
  ['{"paper_url": "javascript:alert(1)"}', /no https address/],
  ['{"other_url": "http://a.b"}', /no https address/]
])("%s is refused", (text, words) => {
  expect(() => parseDescription(text, "d.json")).toThrow(words);
});

test("a citation file quotes what it is given", () => {
  expect(citationFile({title: 'A "map"', authors: "Ann Ex; Bob Why", doi: "10.1/a"}, "f")).toBe(
    [
      "cff-version: 1.2.0",
      'message: "If you use these data, please cite them."',
      "type: dataset",
      'title: "A \\"map\\""',
      "authors:",
      '  - name: "Ann Ex"',
      '  - name: "Bob Why"',
      'doi: "10.1/a"',
      ""
    ].join("\n")
  );
  const authors = (text: string) => citationFile({authors: text}, "f").split("authors:\n")[1];
  expect(authors("Ex, Ann; The Lab")).toBe('  - family-names: "Ex"\n    given-names: "Ann"\n  - name: "The Lab"\n');
  expect(authors("Ann Ex, Bob Why")).toBe('  - name: "Ann Ex"\n  - name: "Bob Why"\n');
});

test("a license is a link where it is an address", () => {
  expect(describedLines({license: "CC BY 4.0"})).toEqual([{label: "License", text: "CC BY 4.0"}]);
  const address = "https://creativecommons.org/licenses/by/4.0/";
  expect(describedLines({license: address})).toEqual([{label: "License", text: address, href: address}]);
});
