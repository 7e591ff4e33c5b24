/**
 * Opens files as one data set and each alone, embeds both, and counts the cells whose vectors are equal, bit for bit:
 *
 *     node --import tsx scripts/compare-joined.ts A.h5ad B.h5ad ...
 */
import {embed, load, normalize, openFile, openFiles, sample} from "../src/components/notebook/node.js";
import type {OpenFile} from "../src/components/notebook/node.js";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";

const paths = process.argv.slice(2);
const vectorsOf = async (file: OpenFile) => readEmbeddings(await embed(sample(normalize(load(file)), {})).table());

const joined = await openFiles(paths);
const together = await vectorsOf(joined);
const files = await load(joined).table();
let first = 0;
for (const path of paths) {
  const file = await openFile(path);
  const alone = await vectorsOf(file);
  const cells = alone.rows.length;
  const {width} = alone;
  let equal = 0;
  for (let cell = 0; cell < cells; ++cell) {
    const there = together.vectors.subarray((first + cell) * width, (first + cell + 1) * width);
    const here = alone.vectors.subarray(cell * width, (cell + 1) * width);
    const same = together.status[first + cell] === alone.status[cell];
    if (same && there.every((value, k) => Object.is(value, here[k]))) ++equal;
  }
  console.log(`${file.name} (file "${files.getChild("obs:file")!.get(first)}"): ${equal} of ${cells} vectors equal`);
  first += cells;
}
