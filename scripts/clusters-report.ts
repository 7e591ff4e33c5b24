// node --import tsx scripts/clusters-report.ts E.arrow --out DIR [--neighbors 15] [--seed 42]
// The neighbor graph of embedded cells and its clusters at three resolutions, by the functions that the command and pages call: DIR/clusters.json and
// DIR/vectors.bin (float32), for tests/reference/check_clusters.py, which makes the graph with scipy and clusters it with igraph.
import {readFileSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {parseArgs} from "node:util";
import {findClusters} from "../src/components/core/clusters/find-clusters.js";
import {fuzzyGraph} from "../src/components/core/space/fuzzy-graph.js";
import {withSelf} from "../src/components/core/space/with-self.js";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import {nearestNeighbors} from "../src/components/core/vectors/neighbors.js";
import {louvain} from "../src/components/runtime/louvain.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    out: {type: "string"},
    neighbors: {type: "string", default: "15"},
    seed: {type: "string", default: "42"}
  }
});
const [file] = positionals;
const {out} = values;
if (file === undefined || out === undefined) throw new Error("name a table of embeddings and --out");
const {vectors, width, index} = readEmbeddings(tableFromBytes(readFileSync(file), file));
const k = Math.min(Number(values.neighbors), index.length) - 1;
const near = await nearestNeighbors(vectors, width, k);
const {from, to, strength} = fuzzyGraph(withSelf(near, index.length, k + 1));
const once = [...from.keys()].filter((i) => from[i] < to[i]);
const clusters = [];
for (const resolution of [0.5, 1, 2]) {
  const found = await findClusters(near, louvain, {resolution, seed: Number(values.seed), once: true});
  clusters.push({resolution, codes: [...found.codes]});
}
await mkdir(out, {recursive: true});
await writeFile(join(out, "vectors.bin"), new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
const graph = {from: once.map((i) => from[i]), to: once.map((i) => to[i]), strength: once.map((i) => strength[i])};
await writeFile(join(out, "clusters.json"), JSON.stringify({name: basename(file), width, k, ...graph, clusters}));
console.log(`${basename(file)}: ${index.length} cells, ${once.length} edges; ${out}`);
