import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {BundleFile, BundleSource, BundleVariant, BundleWorkspace, Manifest} from "../model/bundle.js";
import {encoderGraph} from "./encoder-graph.js";
import {expressionGraph} from "./expression-graph.js";
import {encodeGeneTable} from "../model/genes-arrow.js";
import type {GraphTensor} from "./graph-tensors.js";
import {makeSelfTest} from "./make-self-test.js";
import {measureVariants} from "./measure-variants.js";
import type {Calibration, OpenVariant, VariantMeasurement} from "./measurement.js";
import {openBundle} from "../model/open-bundle.js";
import {readCheckpoint} from "./read-checkpoint.js";
import type {Checkpoint, CheckpointModel, ReadOptions} from "./read-checkpoint.js";
import {createReadLog} from "./read-log.js";
import {faultOfVariant, manifestFigures, requireCalibration} from "./require-faithful.js";
import {sha256} from "../sha256.js";
import {encodeStorage} from "./storage.js";
import {variantLimits} from "../model/variant-limits.js";
import type {VariantLimits} from "../model/variant-limits.js";
import {encodeSafetensors} from "./write-safetensors.js";

export {uceBrainSentence} from "./read-checkpoint.js";
export type {Checkpoint} from "./read-checkpoint.js";

/** What a conversion is doing. */
export interface ConversionProgress {
  step: "weights" | "fold" | "write" | "self-test" | "measure";
  done: number;
  total: number;
}

/** Choices of a conversion. */
export interface ConversionOptions extends Pick<ReadOptions, "openFolder" | "kept" | "keepWeights" | "log"> {
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
  /** Sentences of at least 500 real cells, to measure variants on; needed for any but fp32. */
  calibration?: Calibration;
  /** Limits that replace those of a precision (variant-limits.ts). */
  limits?: Partial<Record<Precision, VariantLimits>>;
  /** Write variants that miss the limits, or that were not measured, all the same. */
  allowInexact?: boolean;
  /** Seconds that measuring will take at most, known after its first sentences. */
  onEstimate?: (seconds: number) => void;
  /** A variant misses its limits and is left out, where another that was asked for is fit. */
  onLeftOut?: (precision: Precision, why: WorkbookError) => void;
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
  const {variants: wanted = ["fp32"], signal} = options;
  if (wanted.length === 0) throw noVariants();
  const written = new Set<string>();
  const write: Write = async (path, bytes) => {
    signal?.throwIfAborted();
    written.add(path);
    await bundle.write(path, bytes, signal);
    return {path, bytes: bytes.byteLength, sha256: await sha256(bytes)};
  };
  if (options.allowInexact !== true) requireCalibration(wanted, options.calibration?.sentences.length ?? 0);
  try {
    const manifest = await writeFiles(checkpoint, write, options);
    const measured = await addMeasures(manifest, bundle, write, options);
    const passed = passing(wanted, measured, options);
    manifest.variants = passed.map((precision) =>
      manifest.variants.find((variant) => variant.precision === precision)!
    );
    const listed = new Set(manifest.variants.flatMap(({files}) => files.map(({path}) => path)));
    for (const path of written) if (!listed.has(path)) await bundle.remove(path);
    await bundle.write(bundlePaths.manifest, encodeManifest(manifest), signal);
    return manifest;
  } catch (error) {
    for (const path of [bundlePaths.manifest, ...written]) await bundle.remove(path).catch(() => {});
    throw error;
  }
}

/** The precisions that are fit for use; says of each other one why it is left out. Throws where none is fit. */
function passing(
  wanted: readonly Precision[],
  measured: VariantMeasurement | undefined,
  {allowInexact, limits, onLeftOut}: ConversionOptions
): readonly Precision[] {
  if (allowInexact === true) return wanted;
  if (measured === undefined) {
    requireCalibration(wanted, 0);
    return wanted;
  }
  const faults = new Map(
    wanted.map((precision) => [precision, faultOfVariant(precision, measured, limits, measured.cells)])
  );
  const passed = wanted.filter((precision) => faults.get(precision) === null);
  if (passed.length === 0) throw faults.get(wanted[0])!;
  for (const [precision, fault] of faults) if (fault !== null) onLeftOut?.(precision, fault);
  return passed;
}

type Write = (path: string, bytes: Uint8Array<ArrayBuffer>) => Promise<BundleFile>;

/** Reads the checkpoint and writes all files but self-test and manifest; the weights are let go of when it returns. */
async function writeFiles(
  checkpoint: Checkpoint,
  write: Write,
  {variants: wanted = ["fp32"], log = createReadLog(), ...options}: ConversionOptions
): Promise<Manifest> {
  const model = await readCheckpoint(checkpoint, {...options, log});
  const shared = await sharedFiles(model, checkpoint, write);
  // Float32 is what the others are measured against: made in any case, kept only where it is asked for.
  const precisions = [...new Set<Precision>(["fp32", ...wanted])];
  const variants: BundleVariant[] = [];
  const files = precisions.length * (model.expression === null ? 2 : 3);
  let done = 0;
  for (const precision of precisions) {
    const own = await variantFiles(model, precision, async (path, bytes) => {
      const file = await write(path, bytes);
      options.onProgress?.({step: "write", done: ++done, total: files});
      return file;
    });
    const [relativeError, recall15] = precision === "fp32" ? [0, 1] : [null, null];
    variants.push({precision, relativeError, recall15, files: [...shared, ...own]});
  }
  return {
    format: "uce-workbook-bundle",
    formatVersion: 1,
    name: checkpoint.name,
    source: {...checkpoint.source, read: await log.summary()},
    untrained: checkpoint.untrained ?? false,
    architecture: model.architecture,
    sentence: model.sentence,
    species: [{name: checkpoint.species, genes: checkpoint.genes.length}],
    tableRows: model.table.shape[0],
    variants
  };
}

/**
 * Runs every variant of `manifest`: adds the self-test to its files, and how far each is from float32 on `calibration`, where
 * there is an encoder to run and cells to measure on.
 */
async function addMeasures(
  manifest: Manifest,
  files: BundleWorkspace,
  write: Write,
  {openEncoder, signal, onProgress, onEstimate, selfTest, calibration, kept, limits, allowInexact}: ConversionOptions
): Promise<VariantMeasurement | undefined> {
  if (openEncoder === undefined) return undefined;
  const {variants} = manifest;
  const whole = await openBundle(withManifest(files, manifest), signal);
  const {bytes, errors} = await makeSelfTest(whole, selfTest, {
    openEncoder,
    signal,
    onProgress: (done, total) => onProgress?.({step: "self-test", done, total})
  });
  const file = await write(bundlePaths.selfTest, bytes);
  for (const variant of variants) {
    variant.files.push(file);
    variant.selfTestError = errors[variant.precision] ?? 0;
  }
  if (calibration === undefined || variants.length < 2) return undefined;
  const precisions = variants.map(({precision}) => precision);
  const measured = await measureVariants(whole, precisions, calibration, {
    openEncoder,
    limits: allowInexact === true ? undefined : {...variantLimits, ...limits},
    kept,
    signal,
    onProgress: (done, total) => onProgress?.({step: "measure", done, total}),
    onEstimate
  });
  const {origin, cells, backend, controls} = measured;
  manifest.measured = {origin, cells, backend, controls};
  for (const variant of variants) Object.assign(variant, manifestFigures(measured.variants[variant.precision]));
  return measured;
}

/** Gene table and graphs: the same for every storage precision. */
async function sharedFiles(model: CheckpointModel, {genes}: Checkpoint, write: Write): Promise<BundleFile[]> {
  const shape = {...model.architecture, tableRows: model.table.shape[0]};
  const {expression: widths} = model.architecture;
  const files = [
    await write(bundlePaths.genes, encodeGeneTable(genes, model.tableRow)),
    await write(bundlePaths.graph("encoder", "fp32"), encoderGraph(shape))
  ];
  if (widths !== null)
    files.push(await write(bundlePaths.graph("expression", "fp32"), expressionGraph({...shape, widths})));
  return files;
}

async function variantFiles(model: CheckpointModel, precision: Precision, write: Write): Promise<BundleFile[]> {
  const store = (path: string, tensors: readonly GraphTensor[]) =>
    write(path, encodeSafetensors(encodeStorage(precision, tensors)));
  const files = [
    await store(bundlePaths.table(precision), [model.table]),
    await store(bundlePaths.weights("encoder", precision), model.encoder)
  ];
  if (model.expression !== null) {
    files.push(await store(bundlePaths.weights("expression", precision), model.expression));
  }
  return files;
}

function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
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
    remedy: "ask for one or more of fp32, fp16, int8"
  });
}
