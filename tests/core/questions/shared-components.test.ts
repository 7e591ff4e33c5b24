import {describe, expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {describeMatrix} from "../../../src/components/core/anndata/describe-matrix.js";
import {cellComponents} from "../../../src/components/core/pipeline/cell-components.js";
import {componentMap} from "../../../src/components/core/pipeline/component-map.js";
import {trustScores} from "../../../src/components/core/pipeline/trust-scores.js";
import {createUmapEngine} from "../../../src/components/core/space/umap-engine.js";
import {shareComponents} from "../../../src/components/core/questions/shared-components.js";
import {fakeReader} from "../anndata/fake-reader.js";

/** Cells of a formula, and how many passes over their counts were made. */
async function cellsOf(nRows = 60) {
  const reader = fakeReader({
    nRows,
    nCols: 50,
    perRow: 50,
    value: (entry) => 1 + ((Math.imul(entry + 1, 2654435761) >>> 0) % 9)
  });
  const anndata = openAnnData(reader);
  const values = () => reader.reads.filter(({place}) => place === "/X/data").reduce((sum, {count}) => sum + count, 0);
  const rows = Int32Array.from({length: nRows}, (_, i) => i);
  await describeMatrix(anndata, "X"); // as a run does before it reads
  const before = values();
  return {anndata, rows, passes: () => (values() - before) / (nRows * 50)};
}

const parameters = {neighbors: 5, minDist: 0.1, seed: 42, epochs: 20};
/** The search stops to breathe after each piece, so that an abort is heard in its middle. */
const slowly: typeof cellComponents = (anndata, matrix, rows, options) =>
  cellComponents(anndata, matrix, rows, {...options, pauseEvery: 0});

describe("components that several ask for", () => {
  test("scores of one column after another and the map read the counts once, and find what each would find alone", async () => {
    const {anndata, rows, passes} = await cellsOf();
    const alone = await componentMap(anndata, "X", rows, createUmapEngine(), parameters);
    expect(passes()).toBe(1);
    const find = shareComponents();
    const scored = (labels: Int32Array) =>
      trustScores(
        anndata,
        "X",
        {rows, vectors: new Float32Array(120).map((_, i) => 1 + (i % 7)), width: 2, labels, classes: 2},
        {},
        find
      );
    const [, map] = await Promise.all([
      scored(rows.map((row) => row % 2)),
      componentMap(anndata, "X", rows.slice(), createUmapEngine(), parameters, {}, find)
    ]);
    expect(map.positions).toEqual(alone.positions);
    await scored(rows.map((row) => Number(row < 30)));
    expect(passes()).toBe(2);
    await find(anndata, "X", rows.slice(1));
    expect(passes()).toBeGreaterThan(2.9);
  });

  test("the first who asks may leave: the second has the whole result, of the same pass; both hear how far it is", async () => {
    const {anndata, rows, passes} = await cellsOf(400);
    const find = shareComponents(slowly);
    const stop = new AbortController();
    const heard = [0, 0];
    const first = find(anndata, "X", rows, {
      signal: stop.signal,
      onProgress: () => (heard[0] += 1) === 3 && stop.abort()
    });
    const second = find(anndata, "X", rows, {onProgress: () => (heard[1] += 1)});
    await expect(first).rejects.toThrow(/abort/i);
    const found = await second;
    expect(passes()).toBe(1);
    expect(heard[0]).toBe(3);
    expect(heard[1]).toBeGreaterThan(3);
    expect(found.scores).toEqual((await cellComponents(anndata, "X", rows)).scores);
  });

  test("a search that nobody waits for ends, and the next ask begins anew; so it is after a fault", async () => {
    const {anndata, rows} = await cellsOf();
    let asked = 0;
    let ended = 0;
    const find = shareComponents(async (file, matrix, wanted, options) => {
      asked += 1;
      if (asked === 2) throw new Error("a fault");
      try {
        return await slowly(file, matrix, wanted, options);
      } catch (error) {
        ended += 1;
        throw error;
      }
    });
    const stop = new AbortController();
    const given = find(anndata, "X", rows, {signal: stop.signal});
    stop.abort();
    await expect(given).rejects.toThrow(/abort/i);
    await expect(find(anndata, "X", rows)).rejects.toThrow("a fault");
    expect((await find(anndata, "X", rows)).count).toBe(60);
    expect([asked, ended]).toEqual([3, 1]);
  });

  test("only the last two searches are kept, of the last file, and a rough one does not serve who asks for more", async () => {
    const {anndata, rows} = await cellsOf();
    let asked = 0;
    const find = shareComponents((...args) => ((asked += 1), cellComponents(...args)));
    const ask = async (from: number, file = anndata, tolerance?: number) => {
      await find(file, "X", rows.slice(from), {tolerance});
      return asked;
    };
    expect([await ask(0), await ask(1), await ask(0), await ask(2), await ask(2), await ask(0)]).toEqual([
      1, 2, 2, 3, 3, 4
    ]);
    expect([await ask(0, (await cellsOf()).anndata), await ask(0)]).toEqual([5, 6]);
    expect([
      await ask(3, anndata, 1e-6),
      await ask(3, anndata, 1e-6),
      await ask(3),
      await ask(3, anndata, 1e-6)
    ]).toEqual([7, 7, 8, 8]);
  });
});
