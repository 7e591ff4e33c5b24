import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join, resolve} from "node:path";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import type {Table} from "apache-arrow";
import type {Inspection} from "../../src/components/core/anndata/inspect.js";
import {readSentences} from "../../src/components/core/tables/sentences.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {digest} from "../core/anndata/facts.js";
import {cli} from "../runtime/cli/run-program.js";
import {shortModel} from "../short-model.js";
import {fileSite} from "./file-site.js";
import {denyStorage} from "./harm.js";
import {idle, noticesOf, pick, shorten} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

/** An address that names a file which is not here: nothing is open yet. */
const nothing = "?data=1-00&name=elsewhere.h5ad";
const users = resolve("../shared/data/users-files");
const own = ["users-files", "choice", "names"].map((name) => join("tests/fixtures", name));
/** Genes of a sentence: a page shows each of the first cell's. */
const genes = 256;
let folder: string;
/** The embedded model with such sentences, for the commands. */
let model: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "users-"));
  model = await shortModel(folder, genes);
});
afterAll(() => rmSync(folder, {recursive: true}));

/** What came of a file, at the command line or on the page. */
interface Outcome {
  /** Why it cannot be opened; null if it can. */
  refusal: string | null;
  /** Code and severity of each problem of an open file. */
  problems: string[];
  /** Hash of every cell's row, status and tokens; null where the run was refused. */
  tokens: string | null;
  /** Everything that was told. */
  words: string;
  /** Codes of what the run told. */
  told: string[];
  /** Why the matrix that is read was chosen; null if it cannot be opened. */
  matrix: string | null;
}

/** The right answers of ../shared/data/users-files/INDEX.md: "as control", or what is said; with the problems that are told. */
const answers: Record<string, {tokens: "as control" | "others" | "none"; problems?: string[]; says?: RegExp}> = {
  control: {tokens: "as control"},
  gene_column_too_short: {tokens: "none", says: /has 140 values, its table 146 rows.*\/var\/gene_name/},
  citeseq_antibodies_named_as_genes: {
    tokens: "as control",
    problems: ["info features-left-out"],
    says: /left out, also of totals .*10 of Antibody Capture/
  },
  multiome_peaks: {
    tokens: "as control",
    problems: ["info features-left-out"],
    says: /left out, also of totals .*of Peaks/
  },
  external_storage: {
    tokens: "none",
    problems: ["error external-storage", "error no-counts"],
    says: /keeps this part in another file, \S*external_storage_values\.bin, which is not read/
  },
  mouse_symbols_few_in_common: {
    tokens: "none",
    problems: ["error other-species"],
    says: /look like those of mouse.*--repair-genes case .*--repair-genes none takes the 6 that match as they are/
  },
  excel_dates_and_old_symbols: {
    tokens: "others",
    problems: ["warning names-repairable", "warning names-unclear"],
    says: /SEPT6 probably SEPTIN6.*they carry 7\.6 % of the counts.*--repair-genes aliases.*1-Mar: MARCHF1 or MTARC1/
  },
  prefixed_grch38: {tokens: "as control", problems: ["info names-repaired"], says: /GRCh38_TP53 read as TP53/},
  raw_var_ids_symbols_in_var: {tokens: "as control", says: /matrix raw\/X holds counts/},
  log_normalised_only: {
    tokens: "none",
    problems: ["error non-integer", "error no-counts"],
    says: /take the counts recovered from X with --matrix recovered:ln:X/
  },
  counts_with_float_noise: {
    tokens: "as control",
    problems: ["info rounded-counts"],
    says: /holds counts with noise of up to 0\.0000038; they are rounded/
  },
  counts_subset_in_x_all_in_raw: {
    tokens: "as control",
    says: /matrix raw\/X holds counts.*X holds counts too, of 40 genes/
  },
  binary_x_counts_in_layer: {tokens: "as control", says: /X holds nothing but 0 and 1/},
  bfloat16_dense: {tokens: "as control"},
  csr_spare_room: {tokens: "as control"},
  layer_with_slash: {tokens: "as control", says: /matrix layers\/counts\/raw holds counts/},
  hdf5r_logical_with_na: {tokens: "as control"},
  user_block: {tokens: "as control"},
  raw_null_012: {tokens: "as control"},
  var_other_column_damaged: {tokens: "as control", problems: ["info unreadable-part"]},
  obs_column_link_gone: {tokens: "as control", problems: ["warning unreadable-part"]},
  whole_transposed: {tokens: "none", problems: ["error transposed"], says: /obs_names, .*are genes.*\.T\.write_h5ad/},
  rds_named_h5ad: {tokens: "none", says: /is R data \(\.rds\), not HDF5.*readRDS/}
};

function hashOf(table: Table): string {
  const {rows, status, tokens} = readSentences(table);
  const lists = Array.from(rows, (_, i) => tokens(i) ?? Int32Array.of());
  const lengths = Int32Array.from(lists, (list) => list.length);
  return digest(Int32Array.from(rows), lengths, ...lists, new TextEncoder().encode([...status].join()));
}

const codesOf = ({problems}: Inspection) => problems.map(({severity, code}) => `${severity} ${code}`).sort();

/** What the commands say of a file, and the tokens that they write. */
async function atCommandLine(path: string): Promise<Outcome> {
  const out = join(folder, "out.arrow");
  const inspect = await cli("inspect", path, "--json");
  const sentences = await cli("sentences", path, "--out", out, "--model", model, "--json");
  if (inspect.status !== 0) {
    expect(sentences).toMatchObject({status: inspect.status, errors: inspect.errors});
    return {refusal: inspect.errors, problems: [], tokens: null, words: inspect.errors, told: [], matrix: null};
  }
  const inspection = JSON.parse(inspect.text) as Inspection;
  const {problems, matrix} = inspection;
  const words = [...problems.map(({message, remedy}) => `${message}: ${remedy}`), sentences.errors].join("\n");
  const found = {refusal: null, problems: codesOf(inspection), words, matrix: matrix.reason};
  if (sentences.status !== 0) return {...found, tokens: null, told: []};
  const {notices} = JSON.parse(sentences.text) as {notices: {code: string}[]};
  const tokens = hashOf(tableFromBytes(readFileSync(out), out));
  return {...found, tokens, told: notices.map(({code}) => code)};
}

/** Opens a file by the page's file button and waits for what comes of it; `refused` if the commands cannot open it. */
async function onPage(page: Page, path: string, refused: boolean): Promise<Outcome> {
  const name = basename(path);
  await page.evaluate(() => document.querySelectorAll(".wb-notice").forEach((bar) => bar.setAttribute("data-old", "")));
  await pick(page, path);
  // A file that cannot be opened leaves the one before open, and a notice; one that can is run as far as it can be.
  const settled = await page.waitForFunction(
    ([name, refused]) => {
      const card = document.querySelector<HTMLElement>(".wb-data")!;
      type Strip = HTMLElement & {stage: {address: string; file: {name: string}} | null};
      const strip = document.querySelector<Strip>(".wb-run")!;
      const isOpen = card.dataset["state"] === "open";
      if (refused) {
        const bars = [...document.querySelectorAll<HTMLElement>(".wb-file .wb-notice:not([data-old])")];
        const bar = bars.find(({innerText}) => /^\s*Error/.test(innerText));
        return isOpen && bar !== undefined ? "refused" : null;
      }
      const shown = card.querySelector(".wb-data-name")?.textContent;
      const {running, address} = strip.dataset;
      if (!isOpen || shown !== name || strip.stage?.file.name !== name) return null;
      if (running !== "false" || address !== strip.stage.address) return null;
      const states = [...strip.querySelectorAll<HTMLElement>("[data-stage]")].map(({dataset}) => dataset["state"]);
      return states.includes("error") ? "error" : states.every((state) => state === "done") ? "done" : null;
    },
    [name, refused] as const,
    {timeout: 120_000}
  );
  const end = await settled.jsonValue();
  const {words, inspection, told, tokens} = await saidBy(page, end === "done");
  if (end === "refused") return {refusal: words, problems: [], tokens: null, words, told: [], matrix: null};
  return {refusal: null, problems: codesOf(inspection), tokens, words, told, matrix: inspection.matrix.reason};
}

/**
 * What the page says of the file that is open, and the tokens of its cells if they are done. As text, because the test's compiler would turn the page's
 * import into its own.
 */
async function saidBy(page: Page, isDone: boolean) {
  const {sentences, ...said} = await page.evaluate<{
    words: string;
    inspection: Inspection;
    told: string[];
    sentences: string | null;
  }>(`(async () => {
    const {stage: tip} = document.querySelector(".wb-run");
    const preloads = [...document.querySelectorAll("link[rel=modulepreload]")].map(({href}) => href);
    const {tableToIPC} = await import(preloads.find((href) => /\\/apache-arrow@/.test(href)));
    const table = ${isDone} ? await tip.table() : null;
    const bytes = table === null ? [] : tableToIPC(table, "file");
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return {
      words: document.querySelector("#observablehq-main").textContent,
      inspection: tip?.file.inspection,
      told: [...document.querySelectorAll(".wb-notice")].map(({dataset}) => dataset.code),
      sentences: table === null ? null : btoa(text)
    };
  })()`);
  const bytes = sentences === null ? null : new Uint8Array(Buffer.from(sentences, "base64"));
  return {...said, tokens: bytes === null ? null : hashOf(tableFromBytes(bytes, "sentences"))};
}

const plain = (text: string) => text.replace(/[\s.]+/g, " ").toLowerCase();

/** What the page does otherwise than the commands. */
function differences(name: string, line: Outcome, page: Outcome): string[] {
  const found: string[] = [];
  const differ = (what: string, a: unknown, b: unknown) => found.push(`${name}: ${what}: ${String(a)} | ${String(b)}`);
  if ((line.refusal === null) !== (page.refusal === null)) differ("refusal", line.refusal, page.refusal);
  if (line.refusal !== null && page.refusal !== null) {
    const [fault] = line.refusal.replace(/^uce-workbook: /, "").split(/ \(at \/|: /);
    if (!plain(page.refusal).includes(plain(fault))) differ("words", line.refusal, page.refusal);
  }
  if (line.problems.join() !== page.problems.join()) differ("problems", line.problems, page.problems);
  if (line.tokens !== page.tokens) differ("tokens", line.tokens, page.tokens);
  if (line.matrix !== null && !plain(page.words).includes(plain(line.matrix)))
    differ("matrix", line.matrix, page.words);
  // What an alignment without a match says of itself is not the cause: that the file is transposed, or of another species, is.
  if (page.words.includes("is among the model's")) differ("cause", line.problems, "none of the file's gene names");
  // The page's choice of matrix stands in its form, with the reason.
  const untold = line.told.filter((code) => code !== "matrix" && !page.told.includes(code));
  if (untold.length > 0) differ("told by sentences, not on the page", untold, page.told);
  const isNone = line.problems.includes("error no-counts");
  const bearing = line.problems
    .filter((problem) => !problem.startsWith("info "))
    .map((problem) => problem.split(" ")[1]);
  const silent = (isNone ? ["no-counts"] : bearing).filter((code) => !page.told.includes(code));
  if (silent.length > 0) differ("not on the page", silent, page.told);
  return found;
}

const filesIn = (place: string) =>
  readdirSync(place)
    .filter((name) => /\.h5(ad|mu)?$/.test(name))
    .map((name) => join(place, name));

describe("files as users have them, at the command line and on a page", () => {
  const shared = existsSync(users);
  if (!shared) test("of ../shared/data/users-files", (context) => context.skip(`${users} is not here`));

  test("are answered alike, and as INDEX.md and the fixtures have it", async () => {
    const files = [...(shared ? filesIn(users) : []), ...own.flatMap(filesIn)];
    const lines = new Map<string, Outcome>();
    for (const path of files) lines.set(path, await atCommandLine(path));
    const control = lines.get(join(users, "control.h5ad"))?.tokens;
    const wrong: string[] = [];
    for (const [path, line] of lines) {
      if (!path.startsWith(users)) continue;
      const name = basename(path, ".h5ad");
      const right = answers[name] ?? {tokens: "none" as const, says: /no answer of INDEX\.md is known to this test/};
      const tokens = line.tokens === null ? "none" : line.tokens === control ? "as control" : "others";
      if (tokens !== right.tokens) wrong.push(`${name}: tokens ${tokens}, not ${right.tokens}`);
      if (line.problems.join() !== [...(right.problems ?? [])].sort().join())
        wrong.push(`${name}: ${line.problems.join()}`);
      if (right.says?.test(line.words.replace(/\n/g, " ")) === false) wrong.push(`${name}: is not said: ${line.words}`);
    }
    expect(wrong).toEqual([]);

    const {url, newPage} = site();
    const page = await newPage({viewport: {width: 1280, height: 240}, reducedMotion: "reduce"});
    await shorten(page, genes);
    // What is drawn is not looked at here, nor is anything kept.
    await denyStorage(page);
    await page.goto(`${url}stages/sample${nothing}`);
    await page.waitForSelector('.wb-data[data-state="error"]');
    for (const [path, line] of lines)
      wrong.push(...differences(path, line, await onPage(page, path, line.refusal !== null)));
    expect(wrong).toEqual([]);

    // The repairs, taken by the page's control, give the tokens of the names as they should be.
    await onPage(page, join("tests/fixtures/names", "dates-and-aliases.h5ad"), false);
    for (const words of ["turned into a date", "known as previous or alias symbol"])
      await page.locator(".wb-settings label", {hasText: words}).locator("input").check();
    await idle(page, ['"dates"', '"aliases"']);
    await page.waitForSelector('[data-stage="sample"][data-state="done"]');
    const plainNames = lines.get(join("tests/fixtures/names", "plain.h5ad"))!;
    expect((await saidBy(page, true)).tokens).toBe(plainNames.tokens);
    await page.waitForFunction(() => document.querySelector('.wb-file [data-code="names-repairable"]') === null);
    expect((await noticesOf(page)).map(({code}) => code)).toContain("names-repaired");
  });
});
