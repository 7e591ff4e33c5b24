import {columnAsText} from "./column.js";
import {notAnnData} from "./foreign-hdf5.js";
import {openFrame} from "./frame.js";
import type {H5Reader, Modality} from "./h5-reader.js";
import {orFault} from "./part-fault.js";
import {textAttribute} from "./values.js";

/**
 * The modality of a MuData file that holds genes: "rna", else the only one whose features are genes, by its feature types, its
 * name or Ensembl's ids. null if the file is not MuData. Throws a WorkbookError of domain "anndata", code "not-anndata", that
 * names the modalities, if none or several fit.
 * Source: MuData's on-disk format (an AnnData a modality, below "mod").
 */
export function geneModality(reader: H5Reader): Modality | null {
  const root = reader.node("/");
  const keys = root?.kind === "group" ? root.keys : [];
  if (!keys.includes("mod")) return null;
  if (textAttribute(reader.attributes("/"), "encoding-type") !== "MuData" && keys.includes("X")) return null;
  const mod = reader.node("/mod");
  const names = (mod?.kind === "group" ? mod.keys : []).filter((name) => isAnnData(reader, `/mod/${name}`));
  const named = names.filter((name) => name.toLowerCase() === "rna");
  const fitting = named.length === 1 ? named : names.filter((name) => orFault(() => holdsGenes(reader, name), false));
  const [name] = fitting;
  if (name === undefined || fitting.length > 1) throw notAnnData(reader, keys, names);
  return {kind: "modality", name, others: names.filter((other) => other !== name)};
}

function isAnnData(reader: H5Reader, place: string): boolean {
  const node = orFault(() => reader.node(place), null);
  return node?.kind === "group" && node.keys.includes("obs") && node.keys.includes("var");
}

function holdsGenes(reader: H5Reader, name: string): boolean {
  const genes = openFrame(reader, `/mod/${name}/var`);
  const column = genes.columns().find((info) => /^feature_?types?$/i.test(info.name) && info.fault === undefined);
  if (column !== undefined) {
    const types = columnAsText(genes.column(column.name));
    return most(types, (type) => /^gene[ _]expression$|^genes?$|^rna$/i.test(type ?? ""));
  }
  if (/^(gex|genes?|mrna|rna|gene_?expression|expression|transcript(ome|s)?)$/i.test(name)) return true;
  return most(genes.index(genes.length ?? 0), (id) => /^ENS[A-Z]{0,4}G\d{5}/.test(id));
}

function most<T>(values: T[], holds: (value: T) => boolean): boolean {
  return values.reduce((n, value) => n + Number(holds(value)), 0) > values.length / 2;
}
