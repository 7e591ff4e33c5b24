// node --import tsx scripts/make-demo-reference.ts FILE.h5ad [--embeddings E.arrow] [--out src/data/reference-pbmc] [--rows A-B]
// Makes the reference that comes with the workbook: 600 sorted blood cells (Zheng and others 2017), through the embedded model. FILE is the selection of 60 cells of each of
// ten sorted populations. The embeddings are computed unless they are given.
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {main} from "../src/components/runtime/cli/main.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    embeddings: {type: "string"},
    out: {type: "string", default: "src/data/reference-pbmc"},
    rows: {type: "string"}
  }
});
const [file] = positionals;
if (file === undefined) throw new Error("name the file of cells");
const folder = await mkdtemp(join(tmpdir(), "reference-"));
const run = async (...argv: string[]) => {
  const status = await main(argv);
  if (status !== 0) throw new Error(`${argv[0]} ended with status ${status}`);
};
try {
  const embeddings = values.embeddings ?? join(folder, "embeddings.arrow");
  const rows = values.rows === undefined ? [] : ["--rows", values.rows];
  if (values.embeddings === undefined) await run("embed", file, ...rows, "--out", embeddings);
  const map = join(folder, "map.arrow");
  await run("umap", embeddings, "--out", map);
  const stated = {
    name: "sorted blood cells (Zheng 2017)",
    license: "data CC BY 4.0 (10x Genomics); selection BSD-2-Clause (stephenslab/fastTopics)",
    citation:
      "Zheng and others, Massively parallel digital transcriptional profiling of single cells, Nat. Commun. 8, 14049 (2017)",
    note: "The embedded model was trained on these cells, so that scores on them are optimistic. For demonstration."
  };
  const words = Object.entries(stated).flatMap(([name, text]) => [`--${name}`, text]);
  const labels = ["--labels", "subpop,celltype", "--cells", file, "--umap", map];
  await run("reference", embeddings, ...labels, ...words, "--out", values.out);
} finally {
  await rm(folder, {recursive: true});
}
