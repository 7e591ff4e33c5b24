// node --import tsx scripts/answers-report.ts FILE --labels COLUMN --out DIR [--donors COLUMN] [--matrix NAME] [--embeddings E.arrow]
// What the commands that answer questions compute of a file, by the functions that they call: DIR/answers.json and DIR/*.bin (float64), for
// tests/reference/check_answers.py, which computes the same with numpy and scipy.
import {readFileSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import {streamRows} from "../src/components/core/anndata/stream-rows.js";
import {integrationScores} from "../src/components/core/integration/integration-scores.js";
import {findMarkers} from "../src/components/core/markers/find-markers.js";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import {pickVectors} from "../src/components/core/vectors/pick-vectors.js";
import {columnGroups} from "../src/components/runtime/cli/groups-of.js";
import {louvain} from "../src/components/runtime/louvain.js";
import {openH5File} from "../src/components/runtime/node-h5.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    labels: {type: "string"},
    donors: {type: "string"},
    matrix: {type: "string", default: "X"},
    embeddings: {type: "string"},
    out: {type: "string"}
  }
});
const [file] = positionals;
const {labels, donors, matrix, out, embeddings} = values;
if (file === undefined || labels === undefined || out === undefined) throw new Error("name a file, --labels and --out");
await mkdir(out, {recursive: true});
const reader = await openH5File(file);
const anndata = openAnnData(reader);
const classes = columnGroups(anndata, labels);
const donorClasses = donors === undefined ? null : columnGroups(anndata, donors);
const info = anndata.matrix(matrix);
const rows = Int32Array.from(classes.codes.keys()).filter((row) => classes.codes[row] >= 0);
const start = performance.now();
const found = await findMarkers({
  blocks: () => streamRows(anndata, info, {rows}),
  genes: info.nCols,
  groupOfRow: classes.codes,
  groups: classes.names.length,
  donorOfRow: donorClasses?.codes
});
const seconds = (performance.now() - start) / 1000;
const columns = ["auc", "score", "p", "q", "log2FoldChange", "meanIn", "meanOut", "shareIn", "shareOut"] as const;
const numbers = found.flatMap((markers) => columns.map((column) => markers[column]));
const bytes = new Float64Array(numbers.flatMap((each) => [...each]));
await writeFile(join(out, "markers.bin"), new Uint8Array(bytes.buffer));
const markers = {
  columns,
  genes: info.nCols,
  groups: found.map(({group, cells, others, donors}) => ({
    name: classes.names[group],
    cells,
    others,
    donors: donors?.asked ?? null,
    higher: donors === null ? null : [...donors.higher]
  })),
  seconds
};
const scores = embeddings === undefined ? null : await scoresOf(embeddings);
const report = {file, labels, donors, matrix, classes, donorClasses, markers, scores};
const plain = (_: string, value: unknown) => (value instanceof Int32Array ? [...value] : value);
await writeFile(join(out, "answers.json"), JSON.stringify(report, plain));
console.log(`${anndata.name}: ${found.length} groups x ${info.nCols} genes in ${seconds.toFixed(1)} s; ${out}`);
reader.close();

/** Scores of the embeddings, with the cells that they are of; the vectors go to DIR/vectors.bin (float32). Donors are the batches. */
async function scoresOf(path: string) {
  const {vectors, width, index, rows} = readEmbeddings(tableFromBytes(readFileSync(path), path));
  const batchOf = donorClasses?.codes;
  const kept = [...index.keys()].filter((i) => {
    const row = rows[index[i]];
    return classes.codes[row] >= 0 && (batchOf === undefined || batchOf[row] >= 0);
  });
  const of = (codes: Int32Array) => Int32Array.from(kept, (i) => codes[rows[index[i]]]);
  const cells = {vectors: pickVectors(vectors, width, kept), width, labels: of(classes.codes)};
  const batches = batchOf === undefined ? undefined : of(batchOf);
  const {scores, best} = await integrationScores({...cells, batches}, louvain);
  await writeFile(join(out!, "vectors.bin"), new Uint8Array(cells.vectors.buffer));
  return {width, labels: cells.labels, batches: batches ?? null, clusters: best.codes, scores};
}
