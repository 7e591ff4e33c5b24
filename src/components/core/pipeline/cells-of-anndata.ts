import type {AnnData} from "../anndata/anndata.js";
import {columnAsText} from "../anndata/column.js";
import type {H5Reader} from "../anndata/h5-reader.js";
import {withoutVectors, type LabeledCells} from "./labeled-cells.js";

/** Where `export` and the page put vectors and map. */
const [vectorsKey, mapKey] = ["X_uce", "X_uce_umap"];

/** The cells of an open h5ad with X_uce in obsm, as a reference is made of. Throws the WorkbookError "no-vectors" where it has none, and what the reader throws. */
export function cellsOfAnnData(anndata: AnnData): LabeledCells {
  const {name, obsm, modality} = anndata;
  if (!obsm.some((array) => array.name === vectorsKey)) throw withoutVectors(name);
  const {values, nCols} = anndata.readObsm(vectorsKey);
  const hasMap = obsm.some((array) => array.name === mapKey && array.nCols === 2);
  const root = modality?.kind === "modality" ? `/mod/${modality.name}` : "";
  const said = (key: string) => textAt(anndata.reader, `${root}/uns/uce/${key}`);
  const [model, hash] = [said("model"), said("model_hash")];
  const columns = anndata.columns("obs").filter(({fault}) => fault === undefined);
  return {
    name,
    vectors: values,
    width: nCols,
    model: model === null || hash === null ? null : {name: model, hash},
    map: hasMap ? anndata.readObsm(mapKey).values : null,
    provenance: null,
    columns: columns.map((column) => column.name),
    texts: (column) => columnAsText(anndata.column("obs", column))
  };
}

function textAt(reader: H5Reader, place: string): string | null {
  const node = reader.node(place);
  if (node?.kind !== "dataset" || node.dtype.kind !== "string") return null;
  const value = reader.read(place);
  const first = Array.isArray(value) ? (value as unknown[])[0] : value;
  return typeof first === "string" ? first : null;
}
