import {expect, test} from "vitest";
import {alignGenes} from "../../../src/components/core/cells/align.js";
import {normalize} from "../../../src/components/core/cells/normalize.js";
import {cellSentence} from "../../../src/components/core/cells/sentence.js";
import {keepGenes} from "../../../src/components/core/pipeline/keep-genes.js";
import type {PreparedCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {createRandom} from "../../../src/components/core/random.js";

const names = Array.from({length: 60}, (_, i) => (i % 5 === 0 ? `UNKNOWN${i}` : `GENE${i}`));
const genes = names
  .filter((name) => name.startsWith("GENE"))
  .map((symbol, i) => ({symbol, token: 100 + i, chromosome: 1 + (i % 3), start: (i * 37) % 50}));
const prepared = {names: {names}, alignment: alignGenes(names, genes)} as unknown as PreparedCells;
const kept = Int32Array.from(names.keys()).filter((i) => i % 3 !== 1);
const constants = {sampleSize: 64, pad: 0, cls: 3, chromosomeEnd: 2, chromosomeOffset: 1000};

/** One cell of the genes `columns`. */
function blockOf(counts: number[], columns: Int32Array) {
  const shown = [...columns.keys()].filter((i) => counts[columns[i]] > 0);
  return {
    rows: Int32Array.of(7),
    nCols: columns.length,
    indptr: Int32Array.of(0, shown.length),
    indices: Int32Array.from(shown),
    values: Float32Array.from(shown, (i) => counts[columns[i]])
  };
}

test("cells have the sentences that they have in a file of these genes alone", () => {
  const random = createRandom(5);
  const counts = names.map(() => Math.floor(4 * random.next()));
  const all = Int32Array.from(names.keys());
  const filtered = keepGenes(prepared, kept, genes);
  const alone = alignGenes(
    Array.from(kept, (column) => names[column]),
    genes
  );
  const sentence = (block: ReturnType<typeof blockOf>, alignment: typeof alone) =>
    cellSentence(normalize(block, alignment)[0], alignment, {sampling: "reference", seed: 7, constants}).tokens;
  const expected = sentence(blockOf(counts, kept), alone);
  expect(sentence(blockOf(counts, all), filtered.alignment)).toEqual(expected);
  expect(sentence(blockOf(counts, all), prepared.alignment)).not.toEqual(expected);
  expect(filtered.alignment.symbols).toEqual(alone.symbols);
});
