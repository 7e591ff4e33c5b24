import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {readSentences} from "../../src/components/core/tables/sentences.js";
import {fileBrowser, fileSite} from "./file-site.js";
import {
  embeddingsOf,
  nodeEmbeddings,
  nodeFault,
  nodeSentences,
  noticesOf,
  pick,
  runButton,
  settled,
  shorten,
  stageIs,
  tableOf,
  wordsOf
} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

const browser = fileBrowser();
const plainSite = fileSite({serviceWorkers: "none", browser});
const repository = fileSite({base: "/repo/", coi: true, serviceWorkers: "none", browser});

const fixtures = "tests/fixtures/anndata";
/** A file of each known filter. */
const filtered = ["lzf", "zstd", "blosc", "bitshuffle", "lz4", "bzip2"].map((name) =>
  join(fixtures, `compressed/${name}.h5ad`)
);
const lzf = filtered[0];
const genes = 64;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Files that are no HDF5 files, or not whole ones. */
function brokenBytes(): string[] {
  const whole = readFileSync(join(fixtures, "encodings.h5ad"));
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 123456\n`;
  const contents: Record<string, Uint8Array | string> = {
    "not-hdf5.h5ad": "cell,gene\n1,2\n",
    "empty.h5ad": "",
    "lfs-pointer.h5ad": pointer,
    "page.h5ad": "<!DOCTYPE html><html><body>404</body></html>",
    "zipped.h5ad": Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0),
    "gzipped.h5ad": Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0),
    "cut-short.h5ad": whole.subarray(0, 20_000),
    "header-only.h5ad": whole.subarray(0, 96)
  };
  return Object.entries(contents).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
}

function below(part: string): string[] {
  return readdirSync(join(fixtures, part))
    .filter((name) => name.endsWith(".h5ad"))
    .map((name) => join(fixtures, part, name));
}

const plain = (text: string) => text.replace(/\s+/g, " ").toLowerCase();

/** Drops a file on the page, as a file manager would. */
async function drop(page: Page, path: string): Promise<void> {
  const bytes = [...readFileSync(path)];
  await page.evaluate(
    ([name, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], name));
      for (const type of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, {dataTransfer: transfer, bubbles: true, cancelable: true}));
    },
    [basename(path), bytes] as const
  );
}

/** Gives the page a file and answers what of its fault, as the command line finds it, the page does not say, once it says all or 20 s later. */
async function missingOf(page: Page, path: string, way = pick): Promise<string[]> {
  const fault = await faultOf(path);
  await way(page, path);
  // What the page said of the file before may stand for a moment.
  for (const end = Date.now() + 20_000; ; await page.waitForTimeout(20)) {
    const missing = await unsaid(page, basename(path), fault);
    if (missing.length === 0 || Date.now() > end) return missing;
  }
}

/** What of a file's fault the page does not say now. */
async function unsaid(page: Page, name: string, fault: Awaited<ReturnType<typeof nodeFault>>): Promise<string[]> {
  const state = await dataState(page);
  if (state === "reading") return ["reads"];
  const isOpen = (await page.textContent(".wb-data-name")) === name && state === "open";
  if (fault === null) return isOpen ? [] : ["refused, and Node finds nothing wrong"];
  // A file that is open, but of no use, fails where it is needed; one that is refused is told of where it was chosen.
  const card = isOpen ? '[data-stage="load"][data-state="error"]' : '.wb-file :is([role="alert"]:not(:empty))';
  if (!(await page.isVisible(card))) return ["no fault is shown"];
  const said = plain(await wordsOf(page));
  const texts = [fault.remedy, fault.place, "message" in fault ? fault.message : fault.fault];
  const missing = texts
    .filter((text) => text !== undefined && !said.includes(plain(text)))
    .map((text) => `the page does not say "${text}"`);
  if (/TypeError|undefined|something in the workbook itself|made a mistake/i.test(said))
    missing.push("words of a defect");
  if ((await runButton(page).isVisible()) && (await runButton(page).isEnabled())) missing.push("Run is offered");
  return missing;
}

/** What the command line finds wrong with a file; once a file. */
function faultOf(path: string): ReturnType<typeof nodeFault> {
  const known = faults.get(path) ?? nodeFault(path);
  faults.set(path, known);
  return known;
}

const faults = new Map<string, ReturnType<typeof nodeFault>>();

/** The tokens that Node draws of a file; once, for both ways of serving. */
function tokensOf(path: string): Promise<Sentences> {
  const known = sentences.get(path) ?? nodeSentences(path, genes).then(listed);
  sentences.set(path, known);
  return known;
}

interface Sentences {
  status: string[];
  tokens: (number[] | null)[];
}

const sentences = new Map<string, Promise<Sentences>>();

const listed = ({rows, status, tokens}: ReturnType<typeof readSentences>): Sentences => ({
  status: [...status],
  tokens: Array.from(rows, (_, i) => {
    const list = tokens(i);
    return list === null ? null : [...list];
  })
});

/** What Node computes of the file compressed by lzf; once. */
let vectors: ReturnType<typeof nodeEmbeddings> | undefined;

/** Expects that file's vectors as Node computes them. */
async function expectVectors(page: Page): Promise<void> {
  vectors ??= nodeEmbeddings(lzf, null, genes);
  const [ours, reference] = [await embeddingsOf(page), await vectors];
  expect([...ours.status]).toEqual([...reference.status]);
  expect(relativeError(ours.vectors, reference.vectors, ours.vectors.length / ours.width, ours.width)).toBeLessThan(
    1e-3
  );
}

/** An address that names a file which is not here: nothing is computed yet. */
const nothing = "?data=1-00&name=elsewhere.h5ad";

async function openNothing(page: Page, url: string): Promise<void> {
  await shorten(page, genes);
  await page.goto(url + nothing);
  await page.waitForSelector('.wb-data[data-state="error"]');
}

const dataState = (page: Page) => page.getAttribute(".wb-data", "data-state");

describe("a file that is not as it should be", () => {
  test("is explained on the page in the command line's words, and the next good file works", async () => {
    const {url, newPage} = repository();
    const page = await newPage();
    await openNothing(page, url);
    const missing: string[] = [];
    const check = async (path: string, way = pick) => {
      for (const words of await missingOf(page, path, way)) missing.push(`${path}: ${words}`);
    };
    const bad = [
      ...brokenBytes(),
      ...below("faults"),
      ...below("").filter((path) => /values-|no-|genes-unknown/.test(path)),
      ...below("compressed").filter((path) => !filtered.includes(path))
    ];
    for (const path of bad) await check(path);
    await check(join(fixtures, "values-nan.h5ad"), drop);
    expect(missing).toEqual([]);
    const found = await Promise.all(bad.map(faultOf));
    expect(found.filter((fault) => fault !== null).length).toBeGreaterThan(25);

    await drop(page, lzf);
    expect(await settled(page, basename(lzf))).toBe("open");
    await stageIs(page, "umap", "done");
    await expectVectors(page);
    expect(await noticesOf(page)).not.toContainEqual(expect.objectContaining({code: "nan"}));

    // One that is refused leaves the file that is open, and all that is known of it.
    await pick(page, join(folder, "page.h5ad"));
    await page.waitForSelector('.wb-file .wb-notice[data-severity="error"]');
    expect(await settled(page, basename(lzf))).toBe("open");
    await stageIs(page, "umap", "done");
    await expectVectors(page);
  });
});

describe("a compressed file", () => {
  test.each([
    ["at /, with one thread", plainSite, true],
    ["at /repo/, isolated", repository, false]
  ] as const)("of every known filter is read in the browser, %s", async (_, site, hasVectors) => {
    const {url, newPage} = site();
    const page = await newPage();
    await shorten(page, genes);
    // Sentences are all that a vector is made of: the model needs to run on one file only, which the index above does where it is isolated.
    await page.goto(`${url}stages/sample${nothing}`);
    await page.waitForSelector('.wb-data[data-state="error"]');
    for (const path of filtered) {
      await pick(page, path);
      expect(await settled(page, basename(path)), await wordsOf(page)).toBe("open");
      await stageIs(page, "sample", "done");
      expect(listed(readSentences(await tableOf(page, "sentences")))).toEqual(await tokensOf(path));
    }
    if (!hasVectors) return;
    await page.goto(`${url}stages/embed${nothing}`);
    await pick(page, lzf);
    await stageIs(page, "embed", "done");
    await expectVectors(page);
  });
});
