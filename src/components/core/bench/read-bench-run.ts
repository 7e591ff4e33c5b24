import {WorkbookError} from "../errors.js";
import {isRecord} from "../is-record.js";
import type {BenchRun} from "./bench-run.js";
import {backendWords, numberWords, wayWords} from "./row-words.js";

/** What a value must be, in words; undefined if it is. */
type Check = (value: unknown) => string | undefined;

const check =
  (fits: (value: unknown) => boolean, words: string): Check =>
  (value) =>
    fits(value) ? undefined : words;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
const text = check((value) => typeof value === "string" && value.length <= 400, "a text of at most 400 characters");
const number = check(isNumber, "a number, 0 or more");
const positive = check((value) => Number.isSafeInteger(value) && (value as number) > 0, "a positive whole number");
const flag = check((value) => typeof value === "boolean", "true or false");
const key = (of: object) =>
  check((value) => typeof value === "string" && Object.hasOwn(of, value), `one of ${Object.keys(of).join(", ")}`);
const orNull =
  (inner: Check): Check =>
  (value) =>
    value === null ? undefined : inner(value);
const object =
  (shape: Record<string, Check>): Check =>
  (value) => {
    if (!isRecord(value)) return "an object";
    for (const [name, inner] of Object.entries(shape)) {
      const wrong = inner(value[name]);
      if (wrong !== undefined) return wrong.startsWith("/") ? `/${name}${wrong}` : `/${name} to be ${wrong}`;
    }
  };
const list =
  (inner: Check): Check =>
  (value) => {
    if (!Array.isArray(value) || value.length > 2000) return "a list of at most 2,000 entries";
    for (const [i, item] of value.entries()) {
      const wrong = inner(item);
      if (wrong !== undefined) return wrong.startsWith("/") ? `/${i}${wrong}` : `/${i} to be ${wrong}`;
    }
  };

const spread = object({n: positive, median: number, low: number, high: number});
const backend = key(backendWords);
const comparison = object({
  error: orNull(number),
  limit: number,
  control: orNull(number),
  cells: positive,
  length: positive,
  passed: flag
});
const row = object({
  way: key(wayWords),
  backend,
  numbers: key(numberWords),
  batch: positive,
  length: positive,
  threads: orNull(positive),
  level: orNull(text),
  ms: orNull(spread),
  cold: orNull(object({open: number, first: number})),
  check: orNull(comparison),
  memory: orNull(number),
  note: orNull(text)
});
const run = object({
  format: check((value) => value === "uce-workbook-bench", '"uce-workbook-bench"'),
  formatVersion: check((value) => value === 1, "1, which is what this version reads"),
  date: check(
    (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value),
    "a date as 2026-11-27T12:00:00Z"
  ),
  command: text,
  machine: object({
    processor: orNull(text),
    cores: positive,
    memoryGB: orNull(number),
    gpu: orNull(text),
    system: orNull(text),
    load: orNull(text)
  }),
  versions: check(
    (value) => isRecord(value) && Object.values(value).every((one) => typeof one === "string"),
    "texts by name"
  ),
  model: object({name: text, layers: positive, width: positive, heads: positive, trained: flag}),
  rows: list(row),
  stages: list(object({stage: text, what: text, backend, ms: spread, cells: positive})),
  cold: list(object({what: text, parts: list(object({name: text, ms: number, bytes: orNull(number)}))})),
  endToEnd: list(object({what: text, cells: positive, total: number, encoder: number})),
  long: list(
    object({what: text, cells: positive, pieces: list(object({cells: positive, ms: number, memory: orNull(number)}))})
  ),
  downloads: list(object({name: text, bytes: number}))
});

/** The run in a file's JSON text. Throws a WorkbookError of domain "file" ("not-a-bench-run") that says where it is not one. */
export function readBenchRun(content: string, name: string): BenchRun {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw notARun(name, "it is no JSON", cause);
  }
  const wrong = run(json);
  if (wrong !== undefined) throw notARun(name, `it needs ${wrong.startsWith("/") ? wrong : `to be ${wrong}`}`);
  return json as BenchRun;
}

function notARun(name: string, what: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "file",
      code: "not-a-bench-run",
      fault: `the file ${name} is not a run of the benchmark: ${what}`,
      remedy: "choose a file that this page exported or that npm run bench wrote"
    },
    {cause}
  );
}
