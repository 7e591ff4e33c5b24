/** The part of the work that an error belongs to; the first word of every message's context. */
export type ErrorDomain =
  | "usage" // how the program was called
  | "file" // bytes on disk or in a File: missing, truncated, not HDF5
  | "anndata" // HDF5 that is not AnnData, or a group of it that is damaged
  | "matrix" // the values of a matrix: negative, NaN, not counts
  | "genes" // gene names and their alignment to the model's genes
  | "cells" // rows, normalization, sampling
  | "checkpoint" // a published checkpoint that is being converted
  | "model" // a model bundle: manifest, checksums, graph
  | "encoder" // running the model on a device
  | "space" // neighbors, UMAP, scores
  | "table" // an Arrow table that is not what a stage expects
  | "storage"; // caches and the result store

/** What every tagged error carries, as plain data: it survives postMessage, JSON and logs. */
export interface ErrorDetails {
  /** Part of the work that failed. */
  domain: ErrorDomain;
  /** Stable kebab-case name of the fault, for code and tests ("not-hdf5", "no-gene-in-common"). */
  code: string;
  /** What is wrong, one sentence without a full stop, with the offending value ("matrix X holds NaN in row 3"). */
  fault: string;
  /** Place inside the file or bundle, as a path ("/raw/X/indptr"), where there is one. */
  place?: string;
  /** The way out: one imperative sentence that a person can act on, without a full stop. */
  remedy: string;
}

/**
 * An error a person can act on. Everything that the workbook throws on purpose is one of these; anything else that
 * reaches a person is a defect. `message` is the whole sentence: fault, place, way out.
 */
export class WorkbookError extends Error {
  readonly details: ErrorDetails;

  constructor(details: ErrorDetails, options?: {cause?: unknown}) {
    super(describe(details), options);
    this.name = "WorkbookError";
    this.details = details;
  }

  get domain(): ErrorDomain {
    return this.details.domain;
  }

  get code(): string {
    return this.details.code;
  }
}

/** True if `error` is a WorkbookError, also one made by another copy of this module. */
export function isWorkbookError(error: unknown): error is WorkbookError {
  return error instanceof Error && error.name === "WorkbookError" && "details" in error;
}

/** True if `error` is what an aborted AbortSignal throws: not a fault, the person asked for it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function describe({fault, place, remedy}: ErrorDetails): string {
  return `${fault}${place === undefined ? "" : ` (at ${place})`}: ${remedy}`;
}
