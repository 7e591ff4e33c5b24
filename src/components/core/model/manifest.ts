import {isTrainingSet} from "../cells/is-training-set.js";
import {isRecord} from "../is-record.js";
import {WorkbookError} from "../errors.js";
import {wholeArchitecture} from "./architecture.js";
import type {Manifest, ModelSpecies} from "./bundle.js";
import {manifestFor} from "./manifest-species.js";

type Check = (value: unknown) => string | undefined;

/**
 * Reads manifest.json strictly: every field there, of its type, nothing contradictory; what older manifests do not say of the architecture is
 * filled in (`wholeArchitecture`). Of several species the first is chosen
 * (`manifestFor`). Throws a WorkbookError of domain
 * "model" (not-a-bundle, unknown-version, bad-manifest) that names the field.
 */
export function parseManifest(bytes: Uint8Array, source: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
  } catch (cause) {
    throw notABundle(source, "manifest.json is not JSON", cause);
  }
  if (!isRecord(json) || json.format !== "uce-workbook-bundle") {
    throw notABundle(source, "manifest.json is not that of a model bundle");
  }
  if (json.formatVersion !== 1 && json.formatVersion !== 2) {
    throw new WorkbookError({
      domain: "model",
      code: "unknown-version",
      fault: `model bundle ${source} has format version ${JSON.stringify(json.formatVersion)}; this version reads 1 and 2`,
      place: "manifest.json/formatVersion",
      remedy: "use a newer version of the workbook, or convert the checkpoint again"
    });
  }
  const wrongShape = checkShape(json, json.formatVersion === 1 ? oneSpecies : severalSpecies, "manifest.json");
  const read = json as unknown as Manifest;
  const manifest = wrongShape === undefined ? {...read, architecture: wholeArchitecture(read.architecture)} : read;
  const wrong = wrongShape ?? contradiction(manifest);
  if (wrong !== undefined) {
    throw new WorkbookError({
      domain: "model",
      code: "bad-manifest",
      fault: `the manifest of model bundle ${source} is damaged: ${wrong}`,
      remedy: "download the bundle again or convert the checkpoint again"
    });
  }
  return manifestFor(manifest);
}

const text: Check = (value) => (typeof value === "string" ? undefined : "a text");
const natural: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number";
const positive: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : "a positive whole number";
const number: Check = (value) => (Number.isFinite(value) ? undefined : "a number");
const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");
const hash: Check = (value) =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? undefined : "a sha256 in hex";
const path: Check = (value) =>
  typeof value === "string" && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(value) ? undefined : "a plain relative path";
const oneOf =
  (...allowed: string[]): Check =>
  (value) =>
    allowed.includes(value as string) ? undefined : allowed.map((item) => JSON.stringify(item)).join(" or ");
const orNull =
  (check: Check): Check =>
  (value) => {
    const wrong = value === null ? undefined : check(value);
    return wrong === undefined ? undefined : `null or ${wrong}`;
  };

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);
const measured: Check = (value) =>
  isRecord(value) &&
  [value.origin, value.backend].every((item) => typeof item === "string") &&
  natural(value.cells) === undefined &&
  isRecord(value.controls) &&
  Object.values(value.controls).every(Number.isFinite)
    ? undefined
    : "origin, cells, backend and controls";

const sourceFiles: Check = (value) =>
  Array.isArray(value) &&
  value.every((file) => isRecord(file) && !text(file.path) && !text(file.version) && natural(file.bytes) === undefined)
    ? undefined
    : "a list of path, version and bytes";
const readHash: Check = (value) =>
  isRecord(value) && natural(value.bytes) === undefined && hash(value.sha256) === undefined
    ? undefined
    : "bytes and a sha256";

const trainedOn: Check = (value) =>
  Array.isArray(value) && value.every(isTrainingSet) ? undefined : "a list of name, cells and keys of 14 hex digits";

const outputBlocks: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((block) => checkShape(block, outputBlock, "") === undefined)
    ? undefined
    : "a list of width and finish";

type Shape = {[field: string]: Check | Shape | [Shape] | [Check]};

const outputBlock: Shape = {width: positive, finish: oneOf("none", "norm", "norm-gelu")};
const architecture: Shape = {
  family: optional(oneOf("uce-brain", "uce")),
  layers: positive,
  width: positive,
  heads: positive,
  feedForward: positive,
  outputWidth: positive,
  maxLength: positive,
  positions: oneOf("sinusoidal", "learned", "stored"),
  activation: oneOf("gelu", "relu"),
  layerNormEpsilon: number,
  output: optional(outputBlocks),
  expressionTable: optional(oneOf("shared", "own")),
  expression: (value) =>
    value === null || (Array.isArray(value) && value.length >= 2 && value.every((item) => positive(item) === undefined))
      ? undefined
      : "null or a list of widths"
};

const figures: Shape = {
  tableRows: positive,
  measured: optional(measured),
  variants: [
    {
      precision: oneOf("fp32", "fp16", "int8", "int4"),
      relativeError: orNull(number),
      recall15: orNull(number),
      selfTestError: optional(number),
      files: [{path, bytes: natural, sha256: hash}]
    }
  ]
};

const model: Shape = {
  name: text,
  source: {
    name: text,
    revision: text,
    sha256: (value) => (value === "" ? undefined : hash(value)),
    license: optional(text),
    citation: optional(text),
    address: optional(text),
    files: optional(sourceFiles),
    read: optional(readHash)
  },
  untrained: flag,
  architecture,
  sentence: {sampleSize: positive, pad: natural, cls: natural, chromosomeEnd: natural, chromosomeOffset: natural},
  trainedOn: optional(trainedOn)
};

/** Format version 1, and 2. */
const oneSpecies: Shape = {...model, species: [{name: text, genes: positive}], ...figures};
const severalSpecies: Shape = {...model, species: [{name: text, genes: positive, folder: path, ...figures}]};

function checkShape(value: unknown, shape: Shape | Check | [Shape] | [Check], place: string): string | undefined {
  if (typeof shape === "function") {
    const expected = shape(value);
    return expected === undefined ? undefined : `${place} is ${shown(value)}, not ${expected}`;
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value) || value.length === 0) return `${place} is ${shown(value)}, not a list with entries`;
    return first(value.map((item, i) => checkShape(item, shape[0], `${place}/${i}`)));
  }
  if (!isRecord(value)) return `${place} is ${shown(value)}, not an object`;
  return first(Object.entries(shape).map(([field, inner]) => checkShape(value[field], inner, `${place}/${field}`)));
}

function contradiction({formatVersion, architecture, species, variants}: Manifest): string | undefined {
  const {width, heads, output, outputWidth} = architecture;
  if (width % heads !== 0) return `width ${width} is not a multiple of heads ${heads}`;
  const last = output.at(-1)!.width;
  if (last !== outputWidth) return `the last block of output is ${last} wide, and outputWidth is ${outputWidth}`;
  if (formatVersion === 1) {
    const more = species.length > 1 ? `format version 1 has one species, not ${species.length}` : undefined;
    return more ?? contradictionOfFiles([variants]);
  }
  const twice = (list: (string | undefined)[]) => list.find((item, i) => list.indexOf(item) !== i);
  const name = twice(species.map((entry) => entry.name)) ?? twice(species.map(({folder}) => folder));
  if (name !== undefined) return `species ${name} stands there twice`;
  return contradictionOfFiles(species.map((entry) => entry.variants!));
}

function contradictionOfFiles(lists: NonNullable<ModelSpecies["variants"]>[]): string | undefined {
  const sums = new Map<string, string>();
  for (const {precision, files} of lists.flat()) {
    for (const {path, bytes, sha256} of files) {
      const sum = `${bytes} ${sha256}`;
      if ((sums.get(path) ?? sum) !== sum) return `${path} has two sizes or checksums (variant ${precision})`;
      sums.set(path, sum);
    }
  }
  for (const variants of lists) {
    const names = variants.map(({precision}) => precision);
    if (new Set(names).size !== names.length) return `variants ${names.join(", ")} are not distinct`;
  }
  return undefined;
}

function first(results: (string | undefined)[]): string | undefined {
  return results.find((result) => result !== undefined);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  return json === undefined ? "missing" : json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

function notABundle(source: string, what: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "model",
      code: "not-a-bundle",
      fault: `${source} is not a model bundle: ${what}`,
      remedy: "give a folder that convert has written"
    },
    {cause}
  );
}
