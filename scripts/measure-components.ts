/**
 * Time of 30 principal components of many cells, made of those of a real file:
 *
 *     node --import tsx scripts/measure-components.ts FILE.h5ad [--cells 20000] [--dump DIR]
 *
 * Each cell made is half of one and half of another, drawn count by count, so that the values stored, types and noise are about those of the file.
 * Prints processor seconds, values stored, and the first and last variances; --dump writes matrix, scores and variances as plain arrays for a check by
 * another program (tests/reference/check-components.py).
 */
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import {chooseMatrix} from "../src/components/core/anndata/choose-matrix.js";
import {streamRows} from "../src/components/core/anndata/stream-rows.js";
import {createRandom} from "../src/components/core/random.js";
import {logNormalize} from "../src/components/core/space/log-normalize.js";
import {sparseMatrix} from "../src/components/core/space/matrices.js";
import {principalComponents} from "../src/components/core/space/principal-components.js";
import type {CsrBlock} from "../src/components/core/types.js";
import {openH5File} from "../src/components/runtime/node-h5.js";

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {cells: {type: "string", default: "20000"}, dump: {type: "string"}}
});
if (positionals[0] === undefined) throw new Error("name a file of counts: measure-components.ts FILE.h5ad");
const normalized = logNormalize(mixed(await countsOf(positionals[0]), Number(options.cells)));
const before = process.cpuUsage();
const found = await principalComponents(sparseMatrix(normalized), 30);
const {user, system} = process.cpuUsage(before);
const facts = {
  cells: normalized.rows.length,
  genes: normalized.nCols,
  stored: normalized.values.length,
  processorSeconds: Number(((user + system) / 1e6).toFixed(2)),
  variance: [found.variance[0], found.variance[29]]
};
process.stdout.write(`${JSON.stringify(facts)}\n`);
if (options.dump !== undefined) {
  const {dump} = options;
  mkdirSync(dump, {recursive: true});
  const {indptr, indices, values} = normalized;
  const arrays = {
    indptr: Float64Array.from(indptr),
    indices,
    values: Float64Array.from(values),
    scores: found.scores,
    variance: found.variance
  };
  for (const [name, array] of Object.entries(arrays))
    writeFileSync(join(dump, `${name}.bin`), new Uint8Array(array.buffer));
  writeFileSync(join(dump, "facts.json"), JSON.stringify(facts));
}

/** All counts of a file. */
async function countsOf(path: string): Promise<CsrBlock[]> {
  const reader = await openH5File(path);
  const anndata = openAnnData(reader);
  const {chosen} = await chooseMatrix(anndata);
  const blocks: CsrBlock[] = [];
  for await (const block of streamRows(anndata, chosen!.name, {})) blocks.push(block);
  reader.close();
  return blocks;
}

/** `cells` cells, each of two of `blocks`: every count of either is taken with probability one half. */
function mixed(blocks: readonly CsrBlock[], cells: number): CsrBlock {
  const random = createRandom(1);
  const whole = blocks.flatMap((block) => Array.from(block.rows, (_, i) => [block, i] as const));
  const {nCols} = blocks[0];
  const sums = new Float64Array(nCols);
  const [indptr, indices, values] = [[0], [] as number[], [] as number[]];
  for (let cell = 0; cell < cells; cell += 1) {
    const touched = new Set<number>();
    for (let half = 0; half < 2; half += 1) {
      const [block, row] = whole[Math.floor(random.next() * whole.length)];
      for (let at = block.indptr[row]; at < block.indptr[row + 1]; at += 1) {
        let taken = 0;
        for (let count = 0; count < block.values[at]; count += 1) taken += random.next() < 0.5 ? 1 : 0;
        if (taken === 0) continue;
        sums[block.indices[at]] += taken;
        touched.add(block.indices[at]);
      }
    }
    for (const gene of [...touched].sort((a, b) => a - b)) {
      indices.push(gene);
      values.push(sums[gene]);
      sums[gene] = 0;
    }
    indptr.push(indices.length);
  }
  return {
    rows: Int32Array.from({length: cells}, (_, i) => i),
    nCols,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float32Array.from(values)
  };
}
