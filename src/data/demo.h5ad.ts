// Data loader: the embedded demo, 260 simulated droplets of cortex with blood, as an h5ad file on standard output.
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {writeAnnData} from "../components/adapters/h5wasm-write.js";
import {parseGenes} from "../components/core/cells/genes-csv.js";
import {cortexWithBlood} from "../components/core/demo/cortex-with-blood.js";
import {readProfiles} from "../components/core/demo/profiles.js";
import {simulateTissue} from "../components/core/demo/simulate-tissue.js";
import {tableFromBytes} from "../components/core/tables/file.js";
import {loadH5wasm} from "../components/runtime/node-h5wasm.js";

const here = dirname(fileURLToPath(import.meta.url));
const profiles = readProfiles(tableFromBytes(readFileSync(join(here, "demo-profiles.arrow")), "demo-profiles.arrow"));
const genes = parseGenes(readFileSync(join(here, "human-genes.csv"), "utf8"));
const symbols = new Map(genes.map(({token, symbol}) => [token, symbol]));
const varNames = Array.from(profiles.tokens, (token) => symbols.get(token) ?? `token ${token}`);
const cells = simulateTissue(
  profiles,
  varNames.map((symbol) => symbol.startsWith("MT-")),
  cortexWithBlood
);

await loadH5wasm(); // before anything else imports h5wasm: see there
const {File} = await import("h5wasm/node");
// HDF5 stamps every object with the time; with a fixed one, equal cells are equal bytes.
Date.now = () => Date.UTC(2026, 0);
const folder = mkdtempSync(join(tmpdir(), "demo-"));
try {
  const path = join(folder, "demo.h5ad");
  const file = new File(path, "w");
  writeAnnData(file, {
    counts: cells.counts,
    obsNames: cells.cellType.map((_, i) => `simulated-${String(i + 1).padStart(3, "0")}`),
    varNames,
    obs: {
      cell_type: cells.cellType,
      donor: cells.donor,
      quality: cells.quality,
      doublet: cells.quality.map((quality) => String(quality === "doublet"))
    }
  });
  file.close();
  process.stdout.write(readFileSync(path));
} finally {
  rmSync(folder, {recursive: true});
}
