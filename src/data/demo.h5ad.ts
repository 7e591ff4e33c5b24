// Data loader: the embedded demo, 280 simulated cells of eight types from two donors, as an h5ad file on standard output.
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import * as h5wasm from "h5wasm/node";
import {writeAnnData} from "../components/adapters/h5wasm-write.js";
import {parseGenes} from "../components/core/cells/gene-table.js";
import {markerProfiles} from "../components/core/demo/marker-profiles.js";
import {simulateCells} from "../components/core/demo/simulate-cells.js";

const seed = 2026;
const genes = parseGenes(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "human-genes.csv"), "utf8"));
const types = markerProfiles(genes, seed).map(({name, profile}) => ({name, profile, cells: 35}));
const cells = simulateCells(types, {
  medianCounts: 3000,
  countsSpread: 0.4,
  donors: ["donor A", "donor B"],
  batchSpread: 0.15,
  cellSpread: 0.35,
  seed
});

await h5wasm.ready;
const folder = mkdtempSync(join(tmpdir(), "demo-"));
try {
  const path = join(folder, "demo.h5ad");
  const file = new h5wasm.File(path, "w");
  writeAnnData(file, {
    counts: cells.counts,
    obsNames: cells.cellType.map((_, i) => `simulated-${String(i + 1).padStart(3, "0")}`),
    varNames: genes.map(({symbol}) => symbol),
    obs: {cell_type: cells.cellType, donor: cells.donor}
  });
  file.close();
  process.stdout.write(readFileSync(path));
} finally {
  rmSync(folder, {recursive: true});
}
