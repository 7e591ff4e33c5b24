import type {AnnData} from "../anndata/anndata.js";
import {isWorkbookError, WorkbookError} from "../errors.js";
import {addBundle} from "../model/add-bundle.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {Bundle, BundleFile, BundleSource, BundleVariant, Manifest} from "../model/bundle.js";
import {encodeManifest} from "../model/encode-manifest.js";
import {fewestOwnCells} from "../model/fewest-own-cells.js";
import {keepMeasured, measuringFolder, measuringIdentity} from "../model/measured-variants.js";
import type {MeasuredVariant, MeasuredVariants} from "../model/measured-variants.js";
import {openBundle} from "../model/open-bundle.js";
import {decodeSelfTest} from "../model/self-test-table.js";
import {modelsFolder, storedBundle} from "../model/stored-models.js";
import {weightFiles} from "../model/weight-files.js";
import {sha256} from "../sha256.js";
import type {ObjectStore} from "../store/object-store.js";
import {subStore} from "../store/sub-store.js";
import type {Precision} from "../types.js";
import type {ConversionProgress} from "./conversion-progress.js";
import {openKeptPieces} from "./kept-pieces.js";
import {measureOnFile, type FileMeasurement, type MeasureOnFileOptions} from "./measure-on-file.js";
import {measureVariants} from "./measure-variants.js";
import type {OpenVariant} from "./measurement.js";
import {manifestFigures} from "./require-faithful.js";
import type {GraphTensor} from "./graph-tensors.js";
import {tensorsOfFile} from "./tensors-of-file.js";
import {writeWeights, type WriteFile} from "./write-weights.js";

/** Storage precisions that are made of a float32 model. */
const smaller: readonly Precision[] = ["fp16", "int8"];

/** How variants are made and measured. */
export interface MakeVariantsOptions extends Omit<MeasureOnFileOptions, "kept" | "onProgress"> {
  onProgress?: (progress: ConversionProgress) => void;
}

interface Made {
  manifest: Manifest;
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Variants that could not be made, and why. */
  refused: {precision: Precision; fault: WorkbookError}[];
}

/**
 * Makes the float16 and 8-bit variants of a kept float32 model, measures them on the cells of an open file beside float32 on one backend, and keeps
 * the smallest that is fit as a model of its own (`made`), as if its bundle had been added. What was embedded is kept until the end, so that a
 * measurement that was ended goes on; its verdict is kept beside the model. One measurement of a store at a time. Throws a WorkbookError:
 * "no-float32" and "several-species" for a model that this is not for, "not-measured" for too few cells, and what running the model throws.
 */
export async function makeVariants(
  store: ObjectStore,
  hash: string,
  anndata: AnnData,
  {onProgress, fewest = fewestOwnCells, ...options}: MakeVariantsOptions
): Promise<MeasuredVariants> {
  const {signal, openEncoder} = options;
  const source = storedBundle(store, hash);
  const model = await openBundle(source, signal);
  requireFloat32(
    model,
    (await store.list(`${modelsFolder}/${hash}`)).map(({name}) => name)
  );
  const made = await storeSmaller(model, onProgress, signal);
  const over = overlaid(source, made);
  const bundle = await openBundle(over(made.manifest), signal);
  const tested = await withSelfTestErrors(bundle, made.manifest, openEncoder, onProgress, signal);
  const pieces = subStore(store, measuringFolder);
  const measured = await measureOnFile(bundle, anndata, {
    ...options,
    fewest,
    kept: await openKeptPieces(pieces, measuringIdentity(hash)),
    onProgress: (done, total) => onProgress?.({step: "measure", done, total})
  });
  const final = withFigures(tested, measured);
  const kept =
    final.variants.length > 1 ? (await addBundle(store, over(final), signal === undefined ? {} : {signal})).hash : null;
  const {origin, backend} = measured.measurement;
  const told = {origin, backend, variants: verdictsOf(made, measured), made: kept};
  await keepMeasured(store, hash, told);
  for (const {name} of await pieces.list("")) await pieces.remove(name);
  return told;
}

/** Stores the float32 weights in the smaller precisions, in memory: a part of the model at a time. */
async function storeSmaller(
  model: Bundle,
  onProgress: MakeVariantsOptions["onProgress"],
  signal?: AbortSignal
): Promise<Made> {
  const {manifest} = model;
  const {architecture} = manifest;
  const exact = manifest.variants.find(({precision}) => precision === "fp32")!;
  const parts = [
    bundlePaths.table,
    ...(architecture.expressionTable === "own" ? [bundlePaths.expressionTable] : []),
    (storage: Precision) => bundlePaths.weights("encoder", storage),
    ...(architecture.expression === null ? [] : [(storage: Precision) => bundlePaths.weights("expression", storage)])
  ];
  const own = new Set(parts.flatMap((part) => weightFiles(exact.files, part("fp32"))));
  const shared = exact.files.filter(({path}) => !own.has(path));
  const files: Made["files"] = new Map();
  const refused: Made["refused"] = [];
  const listed = new Map<Precision, BundleFile[]>(smaller.map((precision) => [precision, []]));
  let done = 0;
  const write: WriteFile = async (path, bytes) => {
    files.set(path, bytes);
    return {path, bytes: bytes.byteLength, sha256: await sha256(bytes)};
  };
  for (const part of parts) {
    for (const precision of smaller) {
      signal?.throwIfAborted();
      onProgress?.({step: "write", done: done++, total: parts.length * smaller.length});
      if (!listed.has(precision)) continue;
      try {
        const tensors = tensorsOf(model, weightFiles(exact.files, part("fp32")), signal);
        listed.get(precision)!.push(...(await writeWeights(part(precision), precision, tensors, write)));
      } catch (error) {
        if (!isWorkbookError(error)) throw error;
        listed.delete(precision);
        refused.push({precision, fault: error});
      }
    }
  }
  const variants = [...listed].map(([precision, own]): BundleVariant => ({
    precision,
    relativeError: null,
    recall15: null,
    files: [...shared, ...own]
  }));
  return {manifest: {...manifest, variants: [exact, ...variants]}, files, refused};
}

/** The float32 weights of files, one file at a time. */
async function* tensorsOf(model: Bundle, paths: readonly string[], signal?: AbortSignal): AsyncGenerator<GraphTensor> {
  for (const path of paths) {
    yield* tensorsOfFile(path, await model.file(path, signal), model.manifest.architecture);
  }
}

/** The kept model's files, those that were made among them, under a manifest. */
function overlaid(source: BundleSource, {files}: Made): (manifest: Manifest) => BundleSource {
  return (manifest) => ({
    name: source.name,
    read: async (path, signal) =>
      path === bundlePaths.manifest ? encodeManifest(manifest) : (files.get(path) ?? source.read(path, signal))
  });
}

/** The manifest with what each variant does on the model's own self-test, by which a device is judged. */
async function withSelfTestErrors(
  bundle: Bundle,
  manifest: Manifest,
  openEncoder: OpenVariant,
  onProgress: MakeVariantsOptions["onProgress"],
  signal?: AbortSignal
): Promise<Manifest> {
  const hasTest = manifest.variants[0].files.some(({path}) => path === bundlePaths.selfTest("fp32"));
  if (!hasTest) return manifest;
  const {origin, sentences, embeddings} = decodeSelfTest(await bundle.file(bundlePaths.selfTest("fp32"), signal));
  const precisions = manifest.variants.map(({precision}) => precision);
  const options = {openEncoder, reference: embeddings, controlCells: 0, signal};
  const onTest = (done: number, total: number) => onProgress?.({step: "self-test", done, total});
  const figures = await measureVariants(bundle, precisions, {origin, sentences}, {...options, onProgress: onTest});
  const variants = manifest.variants.map((variant) => {
    const selfTestError = figures.variants[variant.precision]?.relativeError;
    return selfTestError === undefined ? variant : {...variant, selfTestError};
  });
  return {...manifest, variants};
}

/** The manifest with the variants that are fit, and what they were measured on. */
function withFigures(manifest: Manifest, {measurement, verdicts}: FileMeasurement): Manifest {
  const {origin, cells, backend, controls, variants: figures} = measurement;
  const fit = new Set(verdicts.flatMap(({precision, fault}) => (fault === null ? [precision] : [])));
  const variants = manifest.variants
    .filter(({precision}) => precision === "fp32" || fit.has(precision))
    .map((variant) => ({...variant, ...manifestFigures(figures[variant.precision])}));
  return {...manifest, variants, measured: {origin, cells, backend, controls}};
}

function verdictsOf({manifest, refused}: Made, {verdicts}: FileMeasurement): MeasuredVariant[] {
  const bytesOf = (wanted: Precision) =>
    manifest.variants.find(({precision}) => precision === wanted)!.files.reduce((sum, {bytes}) => sum + bytes, 0);
  const measured = verdicts.map(({precision, relativeError, recall15, cells, fault}) => ({
    ...{precision, bytes: bytesOf(precision), relativeError, recall15, cells},
    fault: fault?.details.fault ?? null
  }));
  const notMade = refused.map(({precision, fault}) => ({
    ...{precision, bytes: 0, relativeError: null, recall15: null, cells: 0},
    fault: fault.details.fault
  }));
  return [...measured, ...notMade];
}

function requireFloat32({manifest}: Bundle, kept: readonly string[]): void {
  const refuse = (code: string, fault: string, remedy: string): never => {
    throw new WorkbookError({domain: "model", code, fault: `the model ${manifest.name} ${fault}`, remedy});
  };
  if (manifest.species.length > 1)
    refuse(
      "several-species",
      `has ${manifest.species.length} species, and variants are made here of models of one`,
      "convert it with --variants fp16,int8 on a command line, where each species is measured"
    );
  if (!kept.some((name) => name.endsWith(`/${bundlePaths.table("fp32")}`)))
    refuse("no-float32", "is not kept in float32, which variants are made of", "add the checkpoint itself");
}
