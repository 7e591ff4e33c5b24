import {WorkbookError} from "../errors.js";
import type {BundleSource} from "../model/bundle.js";
import {sha256} from "../sha256.js";
import {tableFromBytes} from "../tables/file.js";
import {readFloat32, readText} from "../tables/read-columns.js";
import type {LabelCalibration} from "./calibrate-labels.js";
import {parseReferenceManifest, referencePaths, type ReferenceManifest} from "./reference-manifest.js";
import type {Reference} from "./reference.js";

/** A reference bundle that was read. */
export interface OpenedReference {
  manifest: ReferenceManifest;
  reference: Reference;
  calibration: LabelCalibration;
  /** Positions of its cells on its map, x, y by turns, NaN for a cell without one; null: it has no map. */
  map: Float32Array | null;
}

/**
 * Reads a reference bundle with the labels of `column` (null: the only or first one) from a folder or a host, every file verified. Throws a WorkbookError of domain "table":
 * "not-a-reference", "no-such-column", or "damaged" where a file is not the one that was written; and what the source throws.
 */
export async function openReference(
  source: BundleSource,
  column: string | null,
  signal?: AbortSignal
): Promise<OpenedReference> {
  const manifest = parseReferenceManifest(await source.read(referencePaths.manifest, signal), source.name);
  const labels = column === null ? manifest.labels[0] : manifest.labels.find((one) => one.column === column);
  if (labels === undefined) throw noColumn(source.name, column, manifest);
  const bytes = await verified(source, manifest, referencePaths.vectors, signal);
  const table = tableFromBytes(await verified(source, manifest, referencePaths.cells, signal), referencePaths.cells);
  const scales = readFloat32(table, "scale");
  const {width, name, model} = manifest;
  if (bytes.length !== scales.length * width) throw damaged(source.name, referencePaths.vectors);
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const vectors = Float32Array.from(signed, (value, i) => value * scales[Math.floor(i / width)]);
  const texts = readText(table, `label:${labels.column}`);
  const names = [...new Set(texts.filter((text) => text !== null))].sort();
  const place = new Map(names.map((text, i) => [text, i]));
  const codes = Int32Array.from(texts, (text) => (text === null ? -1 : place.get(text)!));
  const {usual, known, right, heldOut, ...rest} = labels.calibration;
  return {
    manifest,
    reference: {name, vectors, width, names, codes, model},
    calibration: {
      ...rest,
      // References made before the bins were kept have none.
      heldOut: {...heldOut, reliability: heldOut.reliability ?? []},
      usual: Float64Array.from(usual, (value) => value ?? NaN),
      known: {weights: Float64Array.from(known)},
      right: {weights: Float64Array.from(right)}
    },
    map: table.getChild("x") === null ? null : positions(readFloat32(table, "x"), readFloat32(table, "y"), table)
  };
}

function positions(x: Float32Array, y: Float32Array, table: ReturnType<typeof tableFromBytes>): Float32Array {
  const placed = table.getChild("x")!;
  const found = new Float32Array(2 * x.length);
  x.forEach((value, i) => found.set(placed.isValid(i) ? [value, y[i]] : [NaN, NaN], 2 * i));
  return found;
}

async function verified(
  source: BundleSource,
  {files}: ReferenceManifest,
  path: string,
  signal?: AbortSignal
): Promise<Uint8Array> {
  const bytes = await source.read(path, signal);
  const file = files.find((one) => one.path === path);
  if (file?.bytes === bytes.byteLength && file.sha256 === (await sha256(bytes))) return bytes;
  throw damaged(source.name, path);
}

function damaged(name: string, path: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "damaged",
    fault: `a file of the reference ${name} is not the one that was written`,
    place: path,
    remedy: "copy or download it again, or make it again"
  });
}

function noColumn(name: string, column: string | null, {labels}: ReferenceManifest): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "no-such-column",
    fault: `the reference ${name} has no labels "${column ?? ""}"`,
    remedy: `choose one of: ${labels.map((one) => one.column).join(", ")}`
  });
}
