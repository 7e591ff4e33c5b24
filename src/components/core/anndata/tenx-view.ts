import {knownSpecies} from "../cells/known-species.js";
import {notAnnData} from "./foreign-hdf5.js";
import type {H5DatasetNode, H5Reader, H5Value} from "./h5-reader.js";
import {orFault} from "./part-fault.js";
import {borrowedData, virtualGroup, virtualReader, virtualTable, type VirtualData} from "./virtual-reader.js";

/** A group with a 10x Genomics matrix. */
interface TenXGroup {
  name: string;
  /** True of Cell Ranger 3 and later: `features` is a group; before, genes stand in `genes` and `gene_names`. */
  hasFeatures: boolean;
  keys: string[];
}

/**
 * AnnData over the matrix that Cell Ranger writes as HDF5 (and CellBender after it): barcodes are obs, features var with names as index and
 * `gene_ids`, `feature_types`, `genome` beside them, as scanpy names them. Its csc of features by barcodes is csr of cells by genes as it
 * stands. Of several genomes in a file of Cell Ranger 2 the human one is read, and said. null if `reader` has no such matrix. Throws the
 * WorkbookError "not-anndata", which names the genomes, where it is not clear which of them to read.
 * Source: 10x Genomics, "Feature-Barcode Matrices, HDF5 format", and its form before Cell Ranger 3.
 */
export function tenXView(reader: H5Reader): H5Reader | null {
  const root = reader.node("/");
  const keys = root?.kind === "group" ? root.keys : [];
  if (keys.includes("obs") && keys.includes("var")) return null;
  const groups = keys.flatMap((name) => tenXGroup(reader, name) ?? []);
  if (groups.length === 0) return null;
  const chosen = groups.length === 1 ? groups : groups.filter(({name}) => isHuman(name));
  if (chosen.length !== 1) throw notAnnData(reader, keys);
  const [group] = chosen;
  const others = groups.filter((other) => other !== group).map(({name}) => name);
  const version = group.hasFeatures ? "Cell Ranger 3 or later" : "Cell Ranger 2";
  const genome = group.hasFeatures || group.name === "matrix" ? "" : `, genome ${group.name}`;
  return virtualReader(
    {
      name: reader.name,
      byteLength: reader.byteLength,
      format: {words: `10x Genomics HDF5 (${version}${genome})`, isAnnData: false},
      modality: others.length === 0 ? null : {kind: "genome", name: group.name, others},
      close: () => reader.close()
    },
    asAnnData(reader, group)
  );
}

/** True of a genome's name that begins as a human one does ("GRCh38", "hg19_chr21"). */
function isHuman(name: string): boolean {
  return knownSpecies.find((species) => species.name === "human")!.genome!.test(`${name}_`);
}

function tenXGroup(reader: H5Reader, name: string): TenXGroup | null {
  const node = orFault(() => reader.node(`/${name}`), null);
  if (node?.kind !== "group") return null;
  const {keys} = node;
  if (!["barcodes", "data", "indices", "indptr"].every((part) => keys.includes(part))) return null;
  const hasFeatures = keys.includes("features");
  return hasFeatures || keys.includes("genes") || keys.includes("gene_names") ? {name, hasFeatures, keys} : null;
}

function asAnnData(reader: H5Reader, {name, hasFeatures, keys}: TenXGroup) {
  const find = (path: string): VirtualData | null => {
    const node = orFault(() => reader.node(path), null);
    return node?.kind === "dataset" ? borrowedData(reader, path, node) : null;
  };
  const barcodes = find(`/${name}/barcodes`);
  const [ids, names, others] = hasFeatures
    ? featuresOf(reader, `/${name}/features`, find)
    : [find(`/${name}/genes`), find(`/${name}/gene_names`), []];
  const index = names ?? ids;
  const columns: [string, VirtualData][] = [
    ...(names !== null && ids !== null ? [["gene_ids", ids] satisfies [string, VirtualData]] : []),
    ...others
  ];
  const nCells = barcodes?.node.shape[0];
  const nGenes = index?.node.shape[0];
  const stored = keys.includes("shape") ? reader.read(`/${name}/shape`) : null;
  const [rows, cells] = stored === null ? [nGenes, nCells] : Array.from(stored as ArrayLike<number | bigint>, Number);
  const parts = ["data", "indices", "indptr"].flatMap((part): [string, VirtualData][] => {
    const found = find(`/${name}/${part}`);
    return found === null ? [] : [[part, found]];
  });
  const shape: Record<string, H5Value> =
    cells === undefined || rows === undefined ? {} : {shape: Float64Array.of(cells, rows)};
  return virtualGroup({"encoding-type": "anndata"}, [
    ["X", virtualGroup({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", ...shape}, parts)],
    ["obs", virtualTable(barcodes, [])],
    ["var", virtualTable(index, columns)]
  ]);
}

type Find = (path: string) => VirtualData | null;

/** Ids, names, and the other columns of Cell Ranger 3's features, as scanpy calls them. */
function featuresOf(
  reader: H5Reader,
  place: string,
  find: Find
): [ids: VirtualData | null, names: VirtualData | null, others: [string, VirtualData][]] {
  const node = reader.node(place);
  const keys = node?.kind === "group" ? node.keys : [];
  const ids = find(`${place}/id`);
  const others = keys
    .filter((key) => !["id", "name", "_all_tag_keys"].includes(key))
    .flatMap((key): [string, VirtualData][] => {
      const found = find(`${place}/${key}`);
      return found === null || !isColumn(found.node, key, ids?.node) ? [] : [[called(key), found]];
    });
  return [ids, find(`${place}/name`), others];
}

/** Feature types decide what is a gene, so those are kept whatever their length: a wrong one is told. */
function isColumn({shape}: H5DatasetNode, key: string, ids: H5DatasetNode | undefined): boolean {
  return shape.length === 1 && (key === "feature_type" || shape[0] === ids?.shape[0]);
}

const called = (key: string): string => (key === "feature_type" ? "feature_types" : key);
