import {resolve} from "node:path";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import type {H5Reader} from "../../../src/components/core/anndata/h5-reader.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";

/** Opens a fixture of tests/fixtures/anndata ("values-nan", "faults/no-indptr"). */
export async function openFixture(name: string): Promise<AnnData> {
  return openAnnData(await openFixtureReader(name));
}

export function openFixtureReader(name: string): Promise<H5Reader> {
  return openH5File(resolve("tests/fixtures/anndata", `${name}.h5ad`));
}

/** What a reader was asked for: each read's path and number of values. */
export interface ReadLog {
  reads: {place: string; count: number}[];
}

/** `reader`, keeping a log of what is read through it. */
export function logReads(reader: H5Reader): H5Reader & ReadLog {
  const reads: ReadLog["reads"] = [];
  return {
    name: reader.name,
    byteLength: reader.byteLength,
    reads,
    node: (place) => reader.node(place),
    attributes: (place) => reader.attributes(place),
    read(place, selection) {
      const node = reader.node(place);
      const shape = node?.kind === "dataset" ? node.shape : [];
      const ranges = selection ?? shape.map((n): [number, number] => [0, n]);
      reads.push({place, count: ranges.reduce((product, [start, stop]) => product * (stop - start), 1)});
      return reader.read(place, selection);
    },
    close: () => reader.close()
  };
}
