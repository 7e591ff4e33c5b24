import {createUmapEngine} from "../space/umap-engine.js";
import {umapLayout} from "../space/umap-layout.js";
import type {WorkOptions} from "../vectors/work.js";
import {calibrateLabels} from "../reference/calibrate-labels.js";
import {encodeReference, type ReferenceParts} from "../reference/encode-reference.js";
import {referenceOf, type LabeledCells} from "./labeled-cells.js";
import type {ReferenceFiles} from "../reference/reference-files.js";
import type {Reference} from "../reference/reference.js";

/** How a reference is made. */
export interface MakingOptions extends WorkOptions {
  /** Most cells of which a map is laid out where they have none (0: never). */
  layOut?: number;
}

/**
 * A reference bundle of embedded cells by one or more columns of labels: calibrates each (`calibrateLabels`), and lays out a map where there is none and few enough cells. Rejects as
 * `referenceOf`, `calibrateLabels` and `umapLayout` do, and with the signal's reason.
 */
export async function makeReference(
  cells: LabeledCells,
  columns: readonly string[],
  stated: ReferenceParts["stated"],
  {layOut = 0, onProgress, ...work}: MakingOptions = {}
): Promise<ReferenceFiles> {
  const parts = columns.length + 1;
  const within = (part: number) => (share: number) => {
    if (!Number.isNaN(share)) onProgress?.((part + share) / parts);
  };
  const labeled = [];
  for (const [i, column] of columns.entries()) {
    const {reference, kept} = referenceOf(cells, column);
    const calibration = await calibrateLabels(reference, {...work, onProgress: within(i)});
    labeled.push({column, reference, calibration, kept});
  }
  const {kept, reference} = labeled[0];
  const given =
    cells.map && Float32Array.from({length: 2 * kept.length}, (_, i) => cells.map![2 * kept[i >> 1] + (i & 1)]);
  const isFew = kept.length <= layOut;
  const map = given ?? (isFew ? await laidOut(reference, {...work, onProgress: within(columns.length)}) : null);
  return Object.fromEntries(await encodeReference({labeled, map, provenance: cells.provenance, stated}));
}

/** The map that `umap` makes of these vectors unless it is told otherwise. */
async function laidOut({vectors, width}: Reference, work: WorkOptions): Promise<Float32Array> {
  let last = new Float32Array(0);
  for await (const {positions} of umapLayout(vectors, width, createUmapEngine(), {...work, interval: Infinity}))
    last = positions as Float32Array<ArrayBuffer>;
  return last;
}
