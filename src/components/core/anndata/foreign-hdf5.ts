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
  const from10x = python(`scanpy.read_10x_h5(${file})`);
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
    const wanted = "open the matrix that stands beside it, filtered_feature_bc_matrix.h5";
    return [
      "the molecules that Cell Ranger counted, not a matrix",
      `${wanted}: ${python('scanpy.read_10x_h5("filtered_feature_bc_matrix.h5")')}`
    ];
  }
  if (has("matrix")) {
    const below = orFault(() => reader.node("/matrix"), null);
    const since3 = below?.kind === "group" && below.keys.includes("features");
    return [`a 10x Genomics matrix${since3 ? " (Cell Ranger 3 or later)" : ""}`, from10x];
  }
  const genomes = keys.filter((key) => isGenome(reader, key));
  if (genomes.length > 0) {
    const genome = genomes.length === 1 ? "" : `, genome=${JSON.stringify(genomes[0])}`;
    return [
      `a 10x Genomics matrix of Cell Ranger 2 (genome ${genomes.join(", ")})`,
      python(`scanpy.read_10x_h5(${file}${genome})`)
    ];
  }
  if (has("assays")) return ["an h5Seurat file", `in R, SeuratDisk::Convert(${file}, dest = "h5ad")`];
  const lacking = ["obs", "var"].filter((name) => !keys.includes(name)).join(" and ");
  const held = keys.length === 0 ? "nothing in it" : keys.slice(0, 8).join(", ");
  return [`HDF5 with ${held}, without ${lacking}`, "open an .h5ad file, as anndata writes it"];
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
