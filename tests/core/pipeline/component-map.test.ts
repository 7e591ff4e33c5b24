import {expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {componentMap, mostMappedByComponents} from "../../../src/components/core/pipeline/component-map.js";
import {createUmapEngine} from "../../../src/components/core/space/umap-engine.js";
import {fakeReader} from "../anndata/fake-reader.js";

const parameters = {neighbors: 5, minDist: 0.1, seed: 42, epochs: 60};

/** Two kinds of cells by turns: one has its counts where the other has next to none; some noise by a formula. */
function twoKinds() {
  const noise = (k: number) => (Math.imul(k + 1, 2654435761) >>> 0) % 4;
  return openAnnData(
    fakeReader({
      nRows: 60,
      nCols: 40,
      perRow: 40,
      value: (entry) => {
        const [row, column] = [Math.floor(entry / 40), entry % 40];
        return 1 + noise(entry) + (column < 20 === (row % 2 === 0) ? 20 : 0);
      }
    })
  );
}

test("cells of two kinds stand apart on the map of their components, and progress only grows", async () => {
  const rows = Int32Array.from({length: 48}, (_, i) => i + 6);
  const seen: number[] = [];
  const {positions} = await componentMap(twoKinds(), "X", rows, createUmapEngine(), parameters, {
    onProgress: (share) => seen.push(share),
    pauseEvery: 0
  });
  expect(positions).toHaveLength(96);
  const nearest = Array.from(rows, (_, i) => {
    const distances = Array.from(rows, (_, j) =>
      i === j ? Infinity : Math.hypot(positions[2 * i] - positions[2 * j], positions[2 * i + 1] - positions[2 * j + 1])
    );
    return distances.indexOf(Math.min(...distances));
  });
  expect(nearest.every((j, i) => rows[i] % 2 === rows[j] % 2)).toBe(true);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
});

test("beyond what a page should take it refuses, with the way out", async () => {
  const rows = Int32Array.from({length: mostMappedByComponents + 1}, (_, i) => i);
  await expect(componentMap(twoKinds(), "X", rows, createUmapEngine(), parameters)).rejects.toThrow(
    /choose 20,000 cells or fewer/
  );
});

test("it ends when it is no longer wanted", async () => {
  const stop = new AbortController();
  const rows = Int32Array.from({length: 60}, (_, i) => i);
  const done = componentMap(
    twoKinds(),
    "X",
    rows,
    createUmapEngine(),
    {...parameters, epochs: 100_000},
    {signal: stop.signal}
  );
  setTimeout(() => stop.abort(), 50);
  await expect(done).rejects.toThrow(/abort/i);
});
