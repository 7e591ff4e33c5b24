// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import type {IntegrationScores} from "../../src/components/core/integration/integration-scores.js";
import type {IntegrationAnswer} from "../../src/components/core/questions/integration-scores.js";
import type {ExplainedCells, ExplainedPart} from "../../src/components/core/explain/gather-explained.js";
import {explainTable, explainWords} from "../../src/components/views/explain-table.js";
import {integrationFigure, whatWasScored} from "../../src/components/views/integration-figure.js";

const scores: IntegrationScores = {
  nmi: 0.75,
  ari: 0.5,
  clusters: 7,
  resolution: 0.8,
  graphConnectivity: 0.9,
  clisi: 0.8,
  ilisi: 0.1,
  cilisi: 0.2,
  cilisiMeans: 0.2,
  kbet: 0.3,
  batchVariance: 0.05,
  silhouetteLabel: 0.6,
  silhouetteBatch: 0.9
};
const answer: IntegrationAnswer = {
  cells: 500,
  leftOut: 120,
  beyondSample: 100,
  labels: 6,
  batches: 2,
  spaces: {embeddings: scores, components: {...scores, ari: 0.25}, labels: {...scores, ari: 1, kbet: NaN}},
  pcr: 0.4,
  labelColumn: "cell_type",
  batchColumn: "donor",
  clustering: "Louvain",
  trained: null
};
const shown = (one: IntegrationAnswer) => {
  const root = document.createElement("div");
  root.append(...integrationFigure(one));
  return root;
};

describe("scores on the field's scale", () => {
  test("stand with their two references in a row and on an axis, published means below", () => {
    const root = shown(answer);
    const row = (name: string) => root.querySelector(`[data-score="${name}"]`)!;
    expect([...row("ari").querySelectorAll("td.wb-number")].map(({textContent}) => textContent)).toEqual([
      "0.50",
      "0.25",
      "1.00"
    ]);
    expect(row("ari").textContent).toContain("UCE, 33 layers 0.54, no integration 0.45, scVI 0.63");
    expect((row("ari").querySelector('[data-of="components"]') as HTMLElement).style.left).toBe("25%");
    expect(row("kbet").querySelectorAll("td.wb-number")[2].textContent).toBe("–");
    expect(row("kbet").querySelector('[data-of="labels"]')).toBeNull();
    expect(root.textContent).toContain("PCR is 0.40");
    const folded = root.querySelector("details")!;
    expect(folded.open).toBe(false);
    expect(folded.textContent).toContain("Rautenstrauch and Ohler 2025");
  });

  test("say which cells were scored, and why there are none of batches", () => {
    expect(whatWasScored(answer)).toBe(
      "500 cells of 6 labels and 2 batches were scored: a random choice of 600, because all pairs are compared. iLISI and cLISI depend on how many cells there are. 20 cells have no label or no batch and were left out."
    );
    const none = {...scores, ilisi: null, cilisi: null, kbet: null, batchVariance: null, silhouetteBatch: null};
    const spaces = {embeddings: none, components: none, labels: none};
    const root = shown({...answer, batches: null, batchColumn: null, pcr: null, spaces});
    expect(root.querySelector('[data-score="ilisi"]')).toBeNull();
    expect(root.textContent).toContain("nothing can be said about mixing");
  });
});

describe("what genes decide", () => {
  const part = (name: string, move: number, label: string, more: Partial<ExplainedPart> = {}): ExplainedPart => ({
    name,
    how: "leave out",
    shown: 3,
    share: 0.02,
    move,
    moveError: NaN,
    control: 0.1,
    kept: 0.4,
    changed: label === "B" ? 0 : 1,
    others: {kept: 0.8, changed: 0},
    labels: [{name: label, share: 0.6}],
    decides: move > 0.2,
    ...more
  });
  const found: ExplainedCells = {
    rows: Int32Array.of(4),
    draws: 4,
    noise: 0.15,
    reach: 0.2,
    otherSeeds: {kept: 0.9, changed: 0},
    labels: [{name: "B", share: 1}],
    parts: [part("ribosome", 0.5, "T"), part("MS4A1", 0.1, "B", {how: "add"}), part("MHC", 0, "B", {shown: 0})],
    missing: []
  };

  test("is told in words: what is beyond seeds and others, what is not shown, which label becomes which", () => {
    expect(explainWords(found)).toBe(
      "Beyond other seeds and clearly beyond as many other genes: without ribosome. Not shown by the cell: MHC. The label is B (15 of 15). Another label: without ribosome (T)."
    );
    expect(explainWords({...found, parts: found.parts.slice(1), labels: null})).toContain(
      "No change moves the vector both beyond other seeds (0.200)"
    );
    expect(explainWords({...found, labels: null}), "why no label is told").toContain("No labels are voted on");
    expect(explainWords({...found, otherSeeds: {kept: 1, changed: 1}})).toContain("changes with the seed alone");
  });

  test("has a row for each change that the cell has, and one for other seeds", () => {
    const table = explainTable(found);
    const rows = [...table.querySelectorAll("tbody tr, tfoot tr")].map((row) =>
      [...row.children].map(({textContent}) => textContent)
    );
    expect(rows).toEqual([
      ["without ribosome", "3", "2.0 %", "0.500", "0.100", "40 %", "80 %", "T (9 of 15)"],
      ["with MS4A1", "3", "2.0 %", "0.100", "0.100", "40 %", "80 %", "B (9 of 15)"],
      ["other seeds", "", "", "0.150", "", "90 %", "", "the same"]
    ]);
    expect(table.querySelectorAll("[data-changed]")).toHaveLength(1);
  });
});
