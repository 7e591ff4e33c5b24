import type {AnnData} from "../anndata/anndata.js";
import {WorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import {variantLimits} from "../model/variant-limits.js";
import {calibrationSentences, type CalibrationSentencesOptions} from "../pipeline/calibration-sentences.js";
import type {Precision} from "../types.js";
import {measureVariants} from "./measure-variants.js";
import type {MeasureOptions, VariantMeasurement} from "./measurement.js";
import {faultOfVariant, fewestCells} from "./require-faithful.js";

/** What is known of a variant once it was measured. */
export interface VariantVerdict {
  precision: Precision;
  relativeError: number;
  recall15: number;
  /** Cells after which the verdict was clear. */
  cells: number;
  /** Why it is not fit for use; null where it is. */
  fault: WorkbookError | null;
}

/** What measuring on a file's cells showed. */
export interface FileMeasurement {
  measurement: VariantMeasurement;
  verdicts: VariantVerdict[];
}

/** How to measure on a file. */
export interface MeasureOnFileOptions
  extends
    Pick<MeasureOptions, "openEncoder" | "kept" | "limits" | "signal" | "onProgress" | "onEstimate">,
    Pick<CalibrationSentencesOptions, "load" | "aliases" | "most"> {
  /** Fewest cells that a verdict is given on (500): of fewer, "not-measured". */
  fewest?: number;
}

/**
 * Measures the variants of a bundle on cells of an open file: the species' own cells, spread over the file. Says through `onEstimate` after
 * the first sentences how long it will take, goes in steps, drops a variant as soon as it clearly misses its limits, and keeps what was
 * embedded in `kept`, so that a measurement that was ended goes on. Pure: a page's worker runs it as Node does. Throws
 * "not-measured" where the file has too few cells, and what reading the file and running the model throws.
 */
export async function measureOnFile(
  bundle: Bundle,
  anndata: AnnData,
  {load, aliases, most, fewest = fewestCells, limits = variantLimits, ...options}: MeasureOnFileOptions
): Promise<FileMeasurement> {
  const {variants, sentence} = bundle.manifest;
  const precisions = variants.map(({precision}) => precision);
  const {signal} = options;
  const cells = await calibrationSentences(anndata, {model: bundle, sentence, most, load, aliases, signal});
  if (cells.sentences.length < fewest) throw tooFew(anndata.name, cells.sentences.length, fewest);
  const measurement = await measureVariants(bundle, precisions, cells, {...options, limits});
  const verdicts = precisions.flatMap((precision): VariantVerdict[] => {
    const figures = measurement.variants[precision];
    if (figures === undefined) return [];
    return [{precision, ...figures, fault: faultOfVariant(precision, measurement, limits, measurement.cells)}];
  });
  return {measurement, verdicts};
}

function tooFew(name: string, cells: number, fewest: number): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "not-measured",
    fault: `${name} has ${cells} cells with counts, and variants are measured on at least ${fewest}`,
    remedy: "open a file with more cells"
  });
}
