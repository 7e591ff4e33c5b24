import {isRecord} from "../is-record.js";
import type {ObjectStore} from "../store/object-store.js";
import type {Precision} from "../types.js";
import {modelsFolder} from "./stored-models.js";

/** A variant of a kept model that was made and measured here. */
export interface MeasuredVariant {
  precision: Precision;
  /** Bytes of everything that it needs. */
  bytes: number;
  /** Against float32 (docs/model.md, "Fidelity"); null where the variant could not be made. */
  relativeError: number | null;
  recall15: number | null;
  /** Cells that the figures are of. */
  cells: number;
  /** Why it is not used, in words; null where it is fit. */
  fault: string | null;
}

/** What measuring the variants of a kept model showed. */
export interface MeasuredVariants {
  /** What the cells are ("260 cells of demo.h5ad"). */
  origin: string;
  /** Backend that embedded them. */
  backend: string;
  variants: MeasuredVariant[];
  /** Hash of the model that holds the smallest variant that is fit; null where none is. */
  made: string | null;
}

/** Folder of a store in which a measurement keeps what it has embedded, below the first digits of the model's hash. */
export const measuringFolder = "measuring";

/** What pieces of a measurement are of (`openKeptPieces`). */
export const measuringIdentity = (hash: string): string => hash.slice(0, 32);

const placeOf = (hash: string): string => `${modelsFolder}/${hash}/measured.json`;

/** Keeps what was measured beside the model that it was measured for. Rejects as the store does. */
export function keepMeasured(store: ObjectStore, hash: string, measured: MeasuredVariants): Promise<void> {
  return store.write(placeOf(hash), new TextEncoder().encode(JSON.stringify(measured)));
}

/** What was measured of a kept model; null where nothing was, or what is kept cannot be read. */
export async function readMeasured(store: ObjectStore, hash: string): Promise<MeasuredVariants | null> {
  try {
    const bytes = await store.read(placeOf(hash));
    const found: unknown = bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(found) && Array.isArray(found.variants) ? (found as unknown as MeasuredVariants) : null;
  } catch {
    return null;
  }
}
