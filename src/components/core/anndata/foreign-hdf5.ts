import {WorkbookError} from "../errors.js";
import type {H5Reader} from "./h5-reader.js";
import {orFault} from "./part-fault.js";

/**
 * The WorkbookError (domain "anndata", code "not-anndata") that says what HDF5 with `keys` at its root is, if not AnnData, and
 * how it becomes an h5ad; `modalities` are those of a MuData file.
 */
export function notAnnData(reader: H5Reader, keys: string[], modalities: string[] = []): WorkbookError {
  const [what, remedy] = whatItIs(reader, keys, modalities);
  return new WorkbookError({
    domain: "anndata",
    code: "not-anndata",
    place: "/",
    fault: `${reader.name} is not AnnData but ${what}`,
    remedy
  });
}

function whatItIs(reader: H5Reader, keys: string[], modalities: string[]): [what: string, remedy: string] {
  const has = (...names: string[]) => names.every((name) => keys.includes(name));
  const file = JSON.stringify(reader.name);
  const python = (read: string) => `in Python, ${read}.write_h5ad("counts.h5ad"), then open counts.h5ad`;
  if (has("mod")) {
    const listed = modalities.length === 0 ? "none of them readable" : modalities.join(", ");
    const name = modalities.find((candidate) => /rna|gex|gene/i.test(candidate)) ?? modalities[0] ?? "rna";
    return [
      `a MuData file of several modalities (${listed}), and which of them holds genes is not clear`,
      `write the one with the genes as a file of its own: ${python(`mudata.read_h5mu(${file}).mod["${name}"]`)}`
    ];
  }
  if (has("matrix", "row_attrs", "col_attrs")) return ["a Loom file", python(`scanpy.read_loom(${file})`)];
  if (has("barcode_idx", "count")) {
    return [
      "the molecules that Cell Ranger counted, not a matrix",
      "open the matrix that stands beside it, filtered_feature_bc_matrix.h5"
    ];
  }
  const genomes = keys.filter((key) => isGenome(reader, key));
  if (genomes.length > 0) {
    return [
      `a 10x Genomics matrix of several genomes (${genomes.join(", ")}), and which of them to read is not clear`,
      `write one as a file of its own: ${python(`scanpy.read_10x_h5(${file}, genome=${JSON.stringify(genomes[0])})`)}`
    ];
  }
  if (has("matrix")) {
    const below = orFault(() => reader.node("/matrix"), null);
    const held = below?.kind === "group" ? below.keys : [];
    const parts = ["barcodes", "data", "features", "indices", "indptr"].filter((part) => !held.includes(part));
    return [`a 10x Genomics matrix without ${parts.join(", ")}`, "copy or download the file again"];
  }
  if (has("assays")) return ["an h5Seurat file", `in R, SeuratDisk::Convert(${file}, dest = "h5ad")`];
  const lacking = ["obs", "var"].filter((name) => !keys.includes(name)).join(" and ");
  const held = keys.length === 0 ? "nothing in it" : keys.slice(0, 8).join(", ");
  return [
    `${reader.format?.words ?? "HDF5"} with ${held}, without ${lacking}`,
    "open an .h5ad file, as anndata writes it"
  ];
}

/** True of the group that Cell Ranger 2 writes for a genome. */
function isGenome(reader: H5Reader, key: string): boolean {
  const node = orFault(() => reader.node(`/${key}`), null);
  if (node?.kind !== "group") return false;
  const {keys} = node;
  return (
    ["barcodes", "data", "indices", "indptr"].every((part) => keys.includes(part)) &&
    (keys.includes("genes") || keys.includes("gene_names"))
  );
}
