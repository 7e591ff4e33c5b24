import {sha256} from "../sha256.js";
import {dictionaryColumn, float32Column, tableOf, type TableColumn} from "../tables/columns.js";
import {tableToFileBytes} from "../tables/file.js";
import type {Provenance} from "../tables/provenance.js";
import {relativeError} from "../vectors/relative-error.js";
import type {LabelCalibration} from "./calibrate-labels.js";
import {referencePaths, type ReferenceManifest, type StoredCalibration} from "./reference-manifest.js";
import type {Reference} from "./reference.js";

/** What a reference bundle is made of. */
export interface ReferenceParts {
  /** The same cells with each column of labels, and what was found for it. */
  labeled: {column: string; reference: Reference; calibration: LabelCalibration}[];
  /** Positions on a map, x, y by turns, NaN for a cell without one; null: none. */
  map: Float32Array | null;
  provenance: Provenance | null;
  /** As stated by who makes it. */
  stated: {name: string; license: string; citation: string; note: string};
}

/**
 * A reference as files that any static host serves: reference.json, vectors.int8 (a byte a number, row-major, times the cell's scale) and cells.arrow (scale, the labels as
 * `label:NAME`, x and y). Names of cells are left out. Equal parts give equal bytes.
 */
export async function encodeReference({
  labeled,
  map,
  provenance,
  stated
}: ReferenceParts): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const {vectors, width, model} = labeled[0].reference;
  const cells = vectors.length / width;
  const {bytes, scales, decoded} = toBytes(vectors, width);
  const columns: TableColumn[] = [
    float32Column("scale", scales),
    ...labeled.map(({column, reference}, i) => dictionaryColumn(`label:${column}`, reference.codes, reference.names, i))
  ];
  if (map !== null) {
    const valid = Uint8Array.from({length: cells}, (_, i) => (Number.isFinite(map[2 * i]) ? 1 : 0));
    const axis = (at: number) => Float32Array.from({length: cells}, (_, i) => (valid[i] === 1 ? map[2 * i + at] : 0));
    columns.push(float32Column("x", axis(0), valid), float32Column("y", axis(1), valid));
  }
  const table = tableToFileBytes(tableOf(columns, new Map()));
  const files = [
    {path: referencePaths.vectors, bytes: bytes.length, sha256: await sha256(bytes)},
    {path: referencePaths.cells, bytes: table.length, sha256: await sha256(table)}
  ];
  const manifest: ReferenceManifest = {
    format: "uce-workbook-reference",
    formatVersion: 1,
    ...stated,
    cells,
    width,
    model,
    labels: labeled.map(({column, calibration}) => ({column, calibration: stored(calibration)})),
    relativeError: relativeError(decoded, vectors, cells, width),
    provenance: provenance as unknown as ReferenceManifest["provenance"],
    files
  };
  return new Map([
    [referencePaths.vectors, bytes],
    [referencePaths.cells, table],
    [referencePaths.manifest, new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)]
  ]);
}

function toBytes(vectors: Float32Array, width: number) {
  const bytes = new Int8Array(vectors.length);
  const scales = new Float32Array(vectors.length / width);
  const decoded = new Float32Array(vectors.length);
  for (let row = 0; row < scales.length; row += 1) {
    let most = 0;
    for (let i = row * width; i < (row + 1) * width; i += 1) most = Math.max(most, Math.abs(vectors[i]));
    scales[row] = most / 127;
    for (let i = row * width; i < (row + 1) * width; i += 1) {
      bytes[i] = most === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(vectors[i] / scales[row])));
      decoded[i] = bytes[i] * scales[row];
    }
  }
  return {bytes: new Uint8Array(bytes.buffer), scales, decoded};
}

function stored({usual, known, right, ...rest}: LabelCalibration): StoredCalibration {
  return {
    ...rest,
    usual: Array.from(usual, (value) => (Number.isNaN(value) ? null : value)),
    known: [...known.weights],
    right: [...right.weights]
  };
}
