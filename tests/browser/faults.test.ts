import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {withSite} from "./harness.js";
import {
  embeddingsOf,
  nodeEmbeddings,
  nodeFault,
  noticesOf,
  pick,
  runButton,
  settled,
  shorten,
  stageIs,
  wordsOf
} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

const fixtures = "tests/fixtures/anndata";
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

describe("a file that is not as it should be", () => {
  test("is explained on the page in the command line's words, and the next good file works", async () => {
    await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, genes);
      await page.goto(url);
      const good = join(fixtures, "compressed/lzf.h5ad");
      const missing: string[] = [];
      let faulty = 0;
      const open = async (path: string, way: typeof pick) => {
        await way(page, path);
        return settled(page, basename(path));
      };
      const check = async (path: string, way = pick) => {
        const fault = await nodeFault(path);
        const state = await open(path, way);
        if (fault === null) {
          if (state !== "open") missing.push(`${path}: refused, and Node finds nothing wrong`);
          return;
        }
        ++faulty;
        const said = plain(await wordsOf(page));
        const words = [fault.remedy, fault.place, "message" in fault ? fault.message : fault.fault].filter(
          (text) => text !== undefined
        );
        for (const text of words)
          if (!said.includes(plain(text))) missing.push(`${path}: the page does not say "${text}"`);
        if ((await page.$('[data-stage="load"][data-state="error"]')) === null)
          missing.push(`${path}: the first card is not in error`);
        if (/TypeError|undefined|something in the workbook itself/i.test(said))
          missing.push(`${path}: words of a defect`);
        if ((await runButton(page).isVisible()) && (await runButton(page).isEnabled()))
          missing.push(`${path}: Run is offered`);
      };
      const bad = [
        ...brokenBytes(),
        ...below("faults"),
        ...below("").filter((path) => /values-|no-|genes-unknown/.test(path)),
        ...below("compressed")
      ];
      for (const path of bad) await check(path);
      await check(join(fixtures, "values-nan.h5ad"), drop);
      expect(missing).toEqual([]);
      expect(faulty).toBeGreaterThan(25);

      expect(await open(good, drop)).toBe("open");
      await stageIs(page, "umap", "done");
      expect(await noticesOf(page)).not.toContainEqual(expect.objectContaining({code: "nan"}));
    });
  });
});

describe("a compressed file", () => {
  test.each([{serviceWorkers: "none" as const}, {base: "/repo/", coi: true, serviceWorkers: "none" as const}])(
    "of every known filter is read in the browser (%o)",
    async (use) => {
      await withSite(use, async ({url, newPage}) => {
        const page = await newPage();
        await shorten(page, genes);
        await page.goto(url);
        for (const name of ["lzf", "zstd", "blosc", "bitshuffle", "lz4", "bzip2"]) {
          const path = join(fixtures, `compressed/${name}.h5ad`);
          await pick(page, path);
          expect(await settled(page, `${name}.h5ad`), await wordsOf(page)).toBe("open");
          await stageIs(page, "embed", "done");
          await page.waitForFunction(
            () =>
              (window as unknown as {workbook: {tableBytes(name: string): unknown}}).workbook.tableBytes(
                "embeddings"
              ) !== null
          );
          const [ours, reference] = [await embeddingsOf(page), await nodeEmbeddings(path, null, genes)];
          expect([...ours.status]).toEqual([...reference.status]);
          expect(
            relativeError(ours.vectors, reference.vectors, ours.vectors.length / ours.width, ours.width)
          ).toBeLessThan(1e-3);
        }
      });
    }
  );
});
