import {WorkbookError} from "../errors.js";
import {isRecord} from "../is-record.js";
import type {BundleFile} from "../model/bundle.js";
import type {JsonValue} from "../tables/provenance.js";
import type {LabelCalibration} from "./calibrate-labels.js";

/** reference.json of a reference bundle (docs/formats.md). */
export interface ReferenceManifest {
  format: "uce-workbook-reference";
  /** Version of this format; a reader refuses one that it does not know. */
  formatVersion: 1;
  name: string;
  cells: number;
  width: number;
  /** The model that made the vectors; null where the embeddings did not say. */
  model: {name: string; hash: string} | null;
  /** Columns of labels in cells.arrow, and what `calibrateLabels` found for each. */
  labels: {column: string; calibration: StoredCalibration}[];
  /** How far the 8-bit vectors are from those they were made of, against the spread between cells. */
  relativeError: number;
  /** License of the data, how to cite them, and what to know; as stated, "" where nothing was. */
  license: string;
  citation: string;
  note: string;
  /** What made the embeddings. */
  provenance: JsonValue;
  files: BundleFile[];
}

/** A calibration as JSON holds it. */
export interface StoredCalibration extends Omit<LabelCalibration, "usual" | "known" | "right"> {
  usual: (number | null)[];
  known: number[];
  right: number[];
}

/** Names of a bundle's files. */
export const referencePaths = {manifest: "reference.json", vectors: "vectors.int8", cells: "cells.arrow"} as const;

/** Reads reference.json. Throws a WorkbookError of domain "table" ("not-a-reference") for anything else. */
export function parseReferenceManifest(bytes: Uint8Array, name: string): ReferenceManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    value = null;
  }
  const known = isRecord(value) && value["format"] === "uce-workbook-reference" && value["formatVersion"] === 1;
  if (known) return value as unknown as ReferenceManifest;
  throw new WorkbookError({
    domain: "table",
    code: "not-a-reference",
    fault: `${name} holds no reference that this version reads`,
    place: referencePaths.manifest,
    remedy: "give a folder that the command reference wrote, or write it again"
  });
}
