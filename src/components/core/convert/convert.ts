import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {BundleFile, BundleSource, BundleWorkspace, Manifest} from "../model/bundle.js";
import {encodeManifest} from "../model/encode-manifest.js";
import {makeSelfTest} from "./make-self-test.js";
import {measureVariants} from "./measure-variants.js";
import type {Calibration, OpenVariant, VariantMeasurement} from "./measurement.js";
import {openBundle} from "../model/open-bundle.js";
import {piecesOf} from "./kept-pieces.js";
import type {ConversionProgress} from "./conversion-progress.js";
import type {Checkpoint, ReadOptions} from "./read-checkpoint.js";
import {faultOfVariant, manifestFigures, requireCalibration} from "./require-faithful.js";
import {sha256} from "../sha256.js";
import {variantLimits} from "../model/variant-limits.js";
import type {VariantLimits} from "../model/variant-limits.js";
import {manifestOf, writeModel} from "./write-model.js";
import type {ModelParts, SpeciesPart, WriteFile} from "./write-model.js";

export {uceBrainSentence} from "./brain-checkpoint.js";
export type {Checkpoint} from "./read-checkpoint.js";
export type {ConversionProgress} from "./conversion-progress.js";

/** Choices of a conversion. */
export interface ConversionOptions extends Pick<ReadOptions, "kept" | "keepWeights" | "log"> {
  signal?: AbortSignal;
  onProgress?: (progress: ConversionProgress) => void;
  /**
   * Opens a variant, to embed the self-test's sentences and to measure variants; without it the bundle has no self-test.
   * Every variant has to run on the same backend.
   */
  openEncoder?: OpenVariant;
  /** Sentences of at least 24 different cells for the self-test, and what they are; by default made-up ones. */
  selfTest?: Calibration;
  /** Storage precisions to write, in the order of the manifest; by default fp32 alone, which may also be left out. */
  variants?: readonly Precision[];
  /** Sentences of at least 500 real cells, to measure variants on; needed for any but fp32. For several species, a list. */
  calibration?: Calibration | readonly Calibration[];
  /** Limits that replace those of a precision (variant-limits.ts). */
  limits?: Partial<Record<Precision, VariantLimits>>;
  /** Write variants that miss the limits, or that were not measured, all the same. */
  allowInexact?: boolean;
  /** Seconds that measuring will take at most, known after its first sentences. */
  onEstimate?: (seconds: number) => void;
  /** A variant misses its limits and is left out, where another that was asked for is fit. */
  onLeftOut?: (precision: Precision, why: WorkbookError, species: string) => void;
  /** Data sets that the model was trained on, for the manifest. */
  trainedOn?: Manifest["trainedOn"];
}

/**
 * Turns a checkpoint in the public layout into a model bundle (docs/formats.md) and returns its manifest. The same
 * checkpoint gives the same bytes (self-test embeddings and figures: on the same machine). Files go to `bundle` as they are
 * made, so that no more than one of them is held; the manifest comes last, and where anything fails all of them are removed.
 * Throws a WorkbookError of domain "checkpoint" or "genes" if the checkpoint, its configuration and the genes do not fit each
 * other, or if no variant that was asked for is near enough to float32 ("variant-misses", "not-measured", "control-passes").
 */
export async function convertCheckpoint(
  checkpoint: Checkpoint,
  bundle: BundleWorkspace,
  options: ConversionOptions = {}
): Promise<Manifest> {
  const {variants: wanted = ["fp32"], trainedOn, signal} = options;
  if (wanted.length === 0) throw noVariants();
  const written = new Set<string>();
  const write: WriteFile = async (path, bytes) => {
    signal?.throwIfAborted();
    written.add(path);
    await bundle.write(path, bytes, signal);
    return {path, bytes: bytes.byteLength, sha256: await sha256(bytes)};
  };
  const most = Math.max(0, ...calibrations(options).map(({sentences}) => sentences.length));
  if (options.allowInexact !== true) requireCalibration(wanted, most);
  try {
    const model = await writeModel(checkpoint, write, options);
    for (const part of model.species) {
      const measured = await addMeasures(model, part, bundle, write, options);
      const passed = passing(wanted, measured, part, options);
      part.variants = passed.map((precision) => part.variants.find((variant) => variant.precision === precision)!);
    }
    const manifest = {...manifestOf(model), ...(trainedOn && {trainedOn})};
    const listed = new Set(model.species.flatMap(({variants}) => variants.flatMap(({files}) => files)).map(pathOf));
    for (const path of written) if (!listed.has(path)) await bundle.remove(path);
    await bundle.write(bundlePaths.manifest, encodeManifest(manifest), signal);
    return manifest;
  } catch (error) {
    for (const path of [bundlePaths.manifest, ...written]) await bundle.remove(path).catch(() => {});
    throw error;
  }
}

const pathOf = ({path}: BundleFile): string => path;

function calibrations({calibration = []}: ConversionOptions): readonly Calibration[] {
  return Array.isArray(calibration) ? (calibration as readonly Calibration[]) : [calibration as Calibration];
}

/**
 * The precisions of a species that are fit for use; says of each other one why it is left out. Throws where none is fit. Of several
 * species, one that was not measured has float32 alone.
 */
function passing(
  wanted: readonly Precision[],
  measured: VariantMeasurement | undefined,
  {name: species, folder}: SpeciesPart,
  options: ConversionOptions
): readonly Precision[] {
  const alone = folder === undefined;
  const {allowInexact, limits, onLeftOut} = options;
  if (allowInexact === true) return wanted;
  if (measured === undefined && alone) {
    requireCalibration(wanted, 0);
    return wanted;
  }
  const faults = new Map(wanted.map((precision) => [precision, notMeasured(precision)]));
  if (measured !== undefined)
    for (const precision of wanted) faults.set(precision, faultOfVariant(precision, measured, limits, measured.cells));
  const passed = wanted.filter((precision) => faults.get(precision) === null);
  if (passed.length === 0) throw faults.get(wanted[0]);
  for (const [precision, fault] of faults) if (fault !== null) onLeftOut?.(precision, fault, species);
  return passed;
}

function notMeasured(precision: Precision): WorkbookError | null {
  try {
    requireCalibration([precision], 0);
    return null;
  } catch (error) {
    return error as WorkbookError;
  }
}

/**
 * Runs every variant of a species: adds the self-test to its files, and how far each is from float32 on the species' cells, where
 * there is an encoder to run and cells to measure on.
 */
async function addMeasures(
  model: ModelParts,
  part: SpeciesPart,
  files: BundleWorkspace,
  write: WriteFile,
  options: ConversionOptions
): Promise<VariantMeasurement | undefined> {
  const {openEncoder, signal, onProgress, onEstimate, selfTest, kept, limits, allowInexact} = options;
  if (openEncoder === undefined) return undefined;
  const first = model.species[0].name;
  const ofSpecies = ({species = first}: Calibration) => species === part.name;
  const {variants} = part;
  const whole = await openBundle(withManifest(files, manifestOf(model)), signal, {species: part.name});
  const {bytes, errors, ofNibbles} = await makeSelfTest(whole, selfTest && ofSpecies(selfTest) ? selfTest : undefined, {
    openEncoder,
    signal,
    onProgress: (done, total) => onProgress?.({step: "self-test", done, total})
  });
  const file = await write(part.place(bundlePaths.selfTest("fp32")), bytes);
  const own = ofNibbles && (await write(part.place(bundlePaths.selfTest("int4")), ofNibbles));
  for (const variant of variants) {
    variant.files.push(variant.precision === "int4" && own !== null ? own : file);
    variant.selfTestError = errors[variant.precision] ?? 0;
  }
  const calibration = calibrations(options).find(ofSpecies);
  if (calibration === undefined || variants.length < 2) return undefined;
  const precisions = variants.map(({precision}) => precision);
  const measured = await measureVariants(whole, precisions, calibration, {
    openEncoder,
    limits: allowInexact === true ? undefined : {...variantLimits, ...limits},
    kept: kept && part.folder !== undefined ? piecesOf(kept, part.folder.replace(/\W/g, "")) : kept,
    signal,
    onProgress: (done, total) => onProgress?.({step: "measure", done, total}),
    onEstimate
  });
  const {origin, cells, backend, controls} = measured;
  part.measured = {origin, cells, backend, controls};
  for (const variant of variants) Object.assign(variant, manifestFigures(measured.variants[variant.precision]));
  return measured;
}

function withManifest(files: BundleSource, manifest: Manifest): BundleSource {
  return {
    name: "the bundle being written",
    read: async (path, signal) => (path === bundlePaths.manifest ? encodeManifest(manifest) : files.read(path, signal))
  };
}

function noVariants(): WorkbookError {
  return new WorkbookError({
    domain: "usage",
    code: "no-variants",
    fault: "no storage precision is asked for",
    remedy: "ask for one or more of fp32, fp16, int8, int4"
  });
}
