import {readFileSync} from "node:fs";
import {join} from "node:path";
import type {File} from "h5wasm";
import {writeAnnData} from "../adapters/h5wasm-write.js";
import {parseGenes} from "../core/cells/genes-csv.js";
import {cortexWithBlood} from "../core/demo/cortex-with-blood.js";
import {readProfiles} from "../core/demo/profiles.js";
import {simulateTissue} from "../core/demo/simulate-tissue.js";
import {tableFromBytes} from "../core/tables/file.js";
import {loadH5wasmFile} from "./node-h5wasm.js";

const data = (name: string): Buffer => readFileSync(new URL(`../../data/${name}`, import.meta.url));

/**
 * Writes the embedded demo, 260 simulated droplets of cortex with blood, as the site serves it into `folder`, the same bytes each time, and returns
 * its path. Rejects with Node's error if that cannot be written.
 */
export async function writeDemoFile(folder: string): Promise<string> {
  const profiles = readProfiles(tableFromBytes(data("demo-profiles.arrow"), "demo-profiles.arrow"));
  const symbols = new Map(parseGenes(data("human-genes.csv").toString()).map(({token, symbol}) => [token, symbol]));
  const varNames = Array.from(profiles.tokens, (token) => symbols.get(token) ?? `token ${token}`);
  const cells = simulateTissue(
    profiles,
    varNames.map((symbol) => symbol.startsWith("MT-")),
    cortexWithBlood
  );
  const H5File = await loadH5wasmFile();
  const path = join(folder, "demo.h5ad");
  withClockAt(Date.UTC(2026, 0), () => writeTissue(new H5File(path, "w"), cells, varNames));
  return path;
}

function writeTissue(file: File, cells: ReturnType<typeof simulateTissue>, varNames: string[]): void {
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
}

/** HDF5 stamps every object with the time; with a fixed one, equal cells are equal bytes. Nothing else runs while the clock stands. */
function withClockAt(time: number, act: () => void): void {
  const {now} = Date;
  Date.now = () => time;
  try {
    act();
  } finally {
    Date.now = now;
  }
}
