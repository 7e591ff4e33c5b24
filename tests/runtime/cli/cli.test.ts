import {spawn} from "node:child_process";
import {copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {readSentences} from "../../../src/components/core/tables/sentences.js";
import {readUmap} from "../../../src/components/core/tables/umap.js";
import {demoIn} from "../../demo-file.js";
import {shortModel} from "../../short-model.js";
import {cli} from "./run-program.js";

let folder: string;
let demo: string;
let model: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
  demo = demoIn(folder);
  model = ["--model", await shortModel(folder)];
});

afterAll(() => rmSync(folder, {recursive: true}));

describe("the whole way", () => {
  test("sentences, embed and umap hand tables on, one row a cell, with provenance", async () => {
    const [sentences, embeddings, map] = ["sentences", "embeddings", "map"].map((name) =>
      join(folder, `${name}.arrow`)
    );
    expect(await cli("sentences", demo, "--out", sentences, "--rows", "0-15", ...model)).toMatchObject({
      status: 0,
      text: expect.stringContaining("16 cells"),
      errors: ""
    });
    expect(await cli("embed", demo, "--out", embeddings, "--rows", "0-15", ...model)).toMatchObject({
      status: 0,
      errors: ""
    });
    const umap = await cli("umap", embeddings, "--out", map, "--neighbors", "5", "--json");
    expect(umap).toMatchObject({status: 0, errors: ""});
    expect(JSON.parse(umap.text).trustworthiness).toBeGreaterThan(0.5);
    expect(JSON.parse(umap.text).trustworthinessError).toBeGreaterThan(0);
    expect(JSON.parse(umap.text).asked).toBe(JSON.parse(umap.text).mapped);

    const read = readSentences(table(sentences));
    expect([...read.rows]).toEqual(Array.from({length: 16}, (_, row) => row));
    expect(new Set(read.status)).toEqual(new Set(["ok"]));
    const vectors = readEmbeddings(table(embeddings));
    expect([...vectors.nTokens]).toEqual([...read.nTokens]);
    for (let i = 0; i < 16; ++i) {
      const vector = vectors.vectors.subarray(i * vectors.width, (i + 1) * vectors.width);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(readUmap(table(map)).positions.length).toBe(32);
    expect(readProvenance(table(map))).toMatchObject({
      stage: "umap",
      source: {name: "demo.h5ad"},
      matrix: "X",
      model: {backend: "cpu", precision: "fp16"},
      parameters: {sampling: "reference", neighbors: 5}
    });
  });

  test("a subset of rows gives the same bytes for these rows", async () => {
    const [some, all] = ["some", "all"].map((name) => join(folder, `${name}.arrow`));
    await cli("sentences", demo, "--out", some, "--rows", "7-9");
    await cli("sentences", demo, "--out", all);
    const [part, whole] = [readSentences(table(some)), readSentences(table(all))];
    for (let i = 0; i < 3; ++i) expect(part.tokens(i)).toEqual(whole.tokens(7 + i));
  });

  test("sampling and averaging are options that change the result", async () => {
    const out = (name: string) => join(folder, `${name}.arrow`);
    await cli("embed", demo, "--out", out("a"), "--rows", "0-1", ...model);
    await cli("embed", demo, "--out", out("b"), "--rows", "0-1", ...model, "--sampling", "low-variance");
    await cli("embed", demo, "--out", out("c"), "--rows", "0-1", ...model, "--average", "3");
    const [a, b, c] = ["a", "b", "c"].map((name) => readEmbeddings(table(out(name))).vectors);
    expect(a).not.toEqual(b);
    expect(a).not.toEqual(c);
    expect(Math.hypot(...c.subarray(0, 128))).toBeCloseTo(1, 5);
    expect(readProvenance(table(out("c")))?.parameters).toMatchObject({average: 3});
  });
});

test("--store keeps what a run has finished: an equal run computes nothing, one that was cut off resumes", async () => {
  const out = (name: string) => join(folder, `${name}.arrow`);
  const store = join(folder, "store");
  const rows = ["--rows", "0-5", "--batch", "2", ...model];
  expect(await cli("embed", demo, "--out", out("plain"), ...rows)).toMatchObject({status: 0});
  expect(await cli("embed", demo, "--out", out("first"), ...rows, "--store", store)).toMatchObject({
    status: 0,
    errors: ""
  });
  expect(await cli("embed", demo, "--out", out("again"), ...rows, "--store", store)).toMatchObject({status: 0});
  const plain = readFileSync(out("plain"));
  expect(readFileSync(out("first")).equals(plain)).toBe(true);
  expect(readFileSync(out("again")).equals(plain)).toBe(true);

  const objects = readdirSync(store, {recursive: true, encoding: "utf8"});
  const parts = objects.filter((name) => /part-[^/]*\.arrow$/.test(name));
  expect(parts.length).toBeGreaterThan(2);
  // As a run that was cut off leaves it: no table, and one batch not there.
  for (const name of objects)
    if (name.includes("embeddings.") || name.endsWith(basename(parts.at(-1)!))) rmSync(join(store, name));
  await cli("embed", demo, "--out", out("resumed"), ...rows, "--store", store);
  expect(readFileSync(out("resumed")).equals(plain)).toBe(true);
  const after = readdirSync(store, {recursive: true, encoding: "utf8"}).filter((name) =>
    /part-[^/]*\.arrow$/.test(name)
  );
  expect(after).toHaveLength(parts.length);
  expect(after.filter((name) => parts.includes(name))).toHaveLength(parts.length - 1);
});

test("cells without counts, chosen alone, give null rows, and the map of them is empty", async () => {
  const file = "tests/fixtures/anndata/values-empty-cells.h5ad";
  const [embeddings, map] = ["empty", "empty-map"].map((name) => join(folder, `${name}.arrow`));
  expect(await cli("embed", file, "--out", embeddings, "--rows", "7", "--json")).toMatchObject({status: 0});
  expect(await cli("umap", embeddings, "--out", map)).toMatchObject({
    status: 0,
    text: expect.stringContaining("0 of 1 cells mapped")
  });
  expect(JSON.parse((await cli("umap", embeddings, "--out", map, "--json")).text)).toMatchObject({
    mapped: 0,
    trustworthiness: null,
    trustworthinessError: null,
    asked: 0,
    k: 0
  });
  expect(
    table(embeddings)
      .toArray()
      .map((row) => row.toJSON())
  ).toEqual([{row: 7, cell_id: expect.any(String), status: "empty", n_tokens: 0, embedding: null}]);
});

test("a matrix other than X is remarked on where the program chose it, not where it was asked for", async () => {
  const file = "tests/fixtures/anndata/values-counts-in-layer.h5ad";
  const sentences = (...more: string[]) => cli("sentences", file, "--out", join(folder, "layer.arrow"), ...more);
  const chosen = await sentences();
  expect(chosen).toMatchObject({
    status: 0,
    errors: expect.stringMatching(/: matrix (layers\/\S+) holds counts: .*\n$/)
  });
  const [, name] = /: matrix (layers\/\S+) holds counts/.exec(chosen.errors)!;
  expect(await sentences("--matrix", name)).toMatchObject({status: 0, errors: ""});
});

describe("faults", () => {
  const exits = (name: string) => join("tests/fixtures/anndata", name);

  test.each([
    "values-nan",
    "values-negative",
    "values-non-integer",
    "values-log",
    "no-x",
    "no-cells",
    "no-genes",
    "genes-unknown"
  ])("%s.h5ad: inspect says so and exits 0, embed exits 2 with one line", async (name) => {
    const inspect = await cli("inspect", exits(`${name}.h5ad`), "--json");
    expect(inspect.status).toBe(0);
    const {problems} = JSON.parse(inspect.text) as {problems: {severity: string; message: string; remedy: string}[]};
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0].remedy).not.toBe("");
    const out = join(folder, `${name}.arrow`);
    const embed = await cli("embed", exits(`${name}.h5ad`), "--out", out);
    expect(embed.status).toBe(2);
    expect(embed.errors.trim().split("\n")).toHaveLength(1);
    expect(embed.errors).toContain(`${name}.h5ad`);
    expect(existsSync(out)).toBe(false);
  });

  test.each(readdirSync("tests/fixtures/anndata/faults").filter((name) => !name.startsWith(".")))(
    "faults/%s: said in one line that names the file, or in problems; never a stack",
    async (name) => {
      const inspect = await cli("inspect", exits(`faults/${name}`), "--json");
      const embed = await cli("embed", exits(`faults/${name}`), "--out", join(folder, "fault.arrow"), "--rows", "0");
      for (const {errors} of [inspect, embed]) {
        expect(errors).not.toMatch(/TypeError|undefined|\bat \S+:\d+/);
        if (errors !== "") expect(errors.trim().split("\n")).toHaveLength(1);
      }
      expect([0, 2]).toContain(inspect.status);
      if (inspect.status === 2) expect(embed).toMatchObject({status: 2, errors: expect.stringContaining(name)});
      const problems =
        inspect.status === 0 ? (JSON.parse(inspect.text) as {problems: {severity: string}[]}).problems : [];
      if (problems.some(({severity}) => severity === "error"))
        expect(embed).toMatchObject({status: 2, errors: expect.stringContaining(name)});
      if (embed.status === 0)
        expect(["category-outside.h5ad", "column-outside.h5ad", "indptr-short.h5ad", "one-gene-flat.h5ad"]).toContain(
          name
        );
    }
  );

  test("no file, a usage error, an output that cannot be written: each its own status and words", async () => {
    expect(await cli("inspect", join(folder, "nowhere.h5ad"))).toMatchObject({
      status: 2,
      errors: expect.stringContaining("there is no file")
    });
    expect(await cli("embed", demo)).toMatchObject({status: 1, errors: expect.stringContaining("--out")});
    expect(await cli("sentences", demo, "--out", "/nowhere/at/all.arrow")).toMatchObject({
      status: 1,
      errors: expect.stringContaining("/nowhere/at")
    });
    expect(await cli("sentences", demo, "--out", join(folder, "x.arrow"), "--rows", "900-999")).toMatchObject({
      status: 1,
      errors: expect.stringContaining(" cells: use rows 0 to ")
    });
  });

  test("an output that is the input, no file, or in no folder is refused before anything is computed", async () => {
    const input = join(folder, "input.h5ad");
    copyFileSync(demo, input);
    const refused = async (out: string, words: string) => {
      const result = await cli("sentences", input, "--out", out, "--rows", "0");
      expect(result).toMatchObject({status: 1, errors: expect.stringContaining(words)});
    };
    await refused(input, "is the file to be read");
    await refused(join(folder, "..", basename(folder), "input.h5ad"), "is the file to be read");
    await refused(join(input, "x.arrow"), "input.h5ad cannot be written to: it is not a folder");
    await refused("/dev/null", "is not a regular file");
    await refused("", "--out is empty");
    expect(readFileSync(input).equals(readFileSync(demo))).toBe(true);
  });

  test("a model that is not there is named instead of the file", async () => {
    const {status, errors} = await cli("inspect", demo, "--model", join(folder, "no-model"));
    expect(status).toBe(2);
    expect(errors).toMatch(/^uce-workbook: \S+no-model: manifest\.json cannot be used/);
  });

  test("umap refuses a table that is not of embeddings and says which columns it found", async () => {
    const wrong = join(folder, "sentences-again.arrow");
    await cli("sentences", demo, "--out", wrong, "--rows", "0-3");
    const {status, errors} = await cli("umap", wrong, "--out", join(folder, "m.arrow"));
    expect(status).toBe(2);
    expect(errors).toMatch(/sentences-again\.arrow.*embedding/);
  });

  test("a file cut short leaves no output", async () => {
    const cut = join(folder, "cut.h5ad");
    copyFileSync(demo, cut);
    writeFileSync(cut, readFileSync(cut).subarray(0, 600_000));
    expect(await cli("embed", cut, "--out", join(folder, "cut.arrow"))).toMatchObject({
      status: 2,
      errors: expect.stringContaining("cut.h5ad")
    });
    expect(existsSync(join(folder, "cut.arrow"))).toBe(false);
  });

  test("Ctrl-C ends a run at once with status 130 and leaves nothing behind", async () => {
    const out = join(folder, "canceled.arrow");
    const {status, errors} = await run(
      ["src/cli.js", "embed", demo, "--out", out, "--average", "64"],
      (pid, kill) => void computes(pid).then(kill)
    );
    expect(status).toBe(130);
    expect(errors).toContain("canceled");
    expect(readdirSync(folder).filter((name) => name.includes("canceled"))).toEqual([]);
  });
});

function table(path: string) {
  return tableFromBytes(readFileSync(path), path);
}

/** Waits until a run has loaded what computes, and a moment more; without /proc, for seconds. */
async function computes(pid: number): Promise<void> {
  const maps = `/proc/${pid}/maps`;
  for (const end = Date.now() + 4000; Date.now() < end; await wait(50))
    if (existsSync(maps) && readFileSync(maps, "utf8").includes("onnxruntime")) return wait(300);
}

function run(args: string[], started?: (pid: number, kill: () => void) => void) {
  return new Promise<{status: number | null; text: string; output: Buffer; errors: string}>((resolve) => {
    const child = spawn(process.execPath, args, {stdio: ["ignore", "pipe", "pipe"]});
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("close", (status) =>
      resolve({status, text: Buffer.concat(output).toString(), output: Buffer.concat(output), errors})
    );
    started?.(child.pid!, () => child.kill("SIGINT"));
  });
}
