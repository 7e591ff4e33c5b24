import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {writeAnnData} from "../../src/components/adapters/h5wasm-write.js";
import {parseGenes} from "../../src/components/core/cells/genes-csv.js";
import {NumpyGenerator} from "../../src/components/core/cells/numpy-rng.js";
import {loadH5wasmFile} from "../../src/components/runtime/node-h5wasm.js";

const table = fileURLToPath(new URL("../../src/data/human-genes.csv", import.meta.url));

/** A made-up file: so many cells of genes `from` to `to` of the human table, 60 counts or so a cell, seeded. */
export interface SmallFile {
  name: string;
  cells: number;
  genes?: [from: number, to: number];
  seed?: number;
  /** Genes from the last to the first. */
  reversed?: boolean;
  /** Columns of obs. */
  obs?: Record<string, (row: number) => string>;
}

/** Writes a made-up h5ad into `folder`; returns its path. */
export async function writeSmallFile(folder: string, file: SmallFile): Promise<string> {
  const {name, cells, genes: [from, to] = [0, 2000], seed = 1, obs = {}, reversed = false} = file;
  const genes = parseGenes(readFileSync(table, "utf8")).slice(from, to);
  if (reversed) genes.reverse();
  const random = new NumpyGenerator(seed);
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < cells; ++row) {
    for (let gene = 0; gene < genes.length; ++gene) {
      if (random.double() > 60 / genes.length) continue;
      indices.push(gene);
      values.push(1 + Math.floor(random.double() * 9));
    }
    indptr.push(indices.length);
  }
  const path = join(folder, name);
  const File = await loadH5wasmFile();
  const h5 = new File(path, "w");
  writeAnnData(h5, {
    counts: {
      rows: Int32Array.from({length: cells}, (_, row) => row),
      nCols: genes.length,
      indptr: Int32Array.from(indptr),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values)
    },
    obsNames: Array.from({length: cells}, (_, row) => `cell-${row}`),
    varNames: genes.map(({symbol}) => symbol),
    obs: Object.fromEntries(
      Object.entries(obs).map(([key, value]) => [key, Array.from({length: cells}, (_, row) => value(row))])
    )
  });
  h5.close();
  return path;
}
