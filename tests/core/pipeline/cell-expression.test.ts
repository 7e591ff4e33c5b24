import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {alignGenes} from "../../../src/components/core/cells/align.js";
import type {ExpressionHead} from "../../../src/components/core/embed/expression-head.js";
import {cellExpression} from "../../../src/components/core/pipeline/cell-expression.js";
import {detectionCounts} from "../../../src/components/core/pipeline/detection-counts.js";
import {areaUnderRoc} from "../../../src/components/core/space/area-under-roc.js";
import {fakeReader} from "../anndata/fake-reader.js";

const [cells, genesInFile] = [20, 30];
/** Counts by a formula, about a third of them zero; gene 4 is in every cell. */
const countOf = (row: number, gene: number) => (gene === 4 ? 2 : (row * 7 + gene * 11 + ((row * gene) % 5)) % 3);
const anndata = openAnnData(
  fakeReader({
    nRows: cells,
    nCols: genesInFile,
    perRow: genesInFile,
    value: (entry) => countOf(Math.floor(entry / genesInFile), entry % genesInFile)
  })
);
/** The model knows every other gene. */
const names = Array.from({length: genesInFile}, (_, gene) => `gene ${gene}`);
const known = names.map((_, gene) => gene).filter((gene) => gene % 2 === 0);
const alignment = alignGenes(
  names,
  known.map((gene) => ({symbol: `gene ${gene}`, token: 500 + gene, chromosome: 1, start: gene}))
);
const rows = Int32Array.from({length: 12}, (_, i) => i + 3);
/** Expects genes with high tokens; the embedding's first number turns that round. */
const head: ExpressionHead = {
  name: "made up",
  storage: "fp32",
  width: 1,
  predict: async ([sign], genes) => Float32Array.from(genes, (token) => 0.5 + (sign * (token - 500)) / 100),
  close: async () => {}
};

describe("detection over cells", () => {
  it("counts the chosen cells in which each known gene is", async () => {
    const {detected} = await detectionCounts(anndata, "X", alignment, rows);
    expect(Array.from(detected)).toEqual(known.map((gene) => rows.filter((row) => countOf(row, gene) > 0).length));
    expect(detected[2]).toBe(rows.length);
    expect(new Set(detected).size).toBeGreaterThan(3);
  });

  it("ends when it is no longer wanted", async () => {
    await expect(detectionCounts(anndata, "X", alignment, rows, {signal: AbortSignal.abort()})).rejects.toMatchObject({
      name: "AbortError"
    });
  });
});

describe("what the model expects of a cell", () => {
  it("stands beside the cell's own counts and the other cells' detection, itself left out", async () => {
    const detection = await detectionCounts(anndata, "X", alignment, rows);
    const found = await cellExpression(anndata, "X", alignment, head, {
      row: 7,
      embedding: Float32Array.of(1),
      detection
    });
    const counts = known.map((gene) => countOf(7, gene));
    expect(Array.from(found.counts)).toEqual(counts);
    expect(found.symbols).toEqual(known.map((gene) => `gene ${gene}`));
    const rate = known.map((gene) => rows.filter((row) => row !== 7 && countOf(row, gene) > 0).length / 11);
    expect(found.otherCells).toBe(11);
    found.detection.forEach((value, i) => expect(value).toBeCloseTo(rate[i], 6));
    const counted = counts.map((count) => Number(count > 0));
    expect(found.auroc).toBe(areaUnderRoc(known, counted));
    expect(found.baselineAuroc).toBeCloseTo(areaUnderRoc(found.detection, counted), 12);
    const opposite = await cellExpression(anndata, "X", alignment, head, {
      row: 7,
      embedding: Float32Array.of(-1),
      detection
    });
    expect(opposite.auroc).toBeCloseTo(1 - found.auroc, 12);
    expect(found.auroc).not.toBeCloseTo(0.5, 2);
  });

  it("of a cell that is not among them counts them all; of a cell alone it has no rate to compare with", async () => {
    const detection = await detectionCounts(anndata, "X", alignment, rows);
    const outside = await cellExpression(anndata, "X", alignment, head, {
      row: 0,
      embedding: Float32Array.of(1),
      detection
    });
    expect(outside.otherCells).toBe(12);
    expect(outside.detection[2]).toBe(1);
    const own = await detectionCounts(anndata, "X", alignment, Int32Array.of(5));
    const alone = await cellExpression(anndata, "X", alignment, head, {
      row: 5,
      embedding: Float32Array.of(1),
      detection: own
    });
    expect(alone).toMatchObject({otherCells: 0, baselineAuroc: NaN});
    expect(alone.baselineCurve.falsePositiveRate).toHaveLength(0);
    expect(alone.auroc).toBeGreaterThan(0);
  });
});
