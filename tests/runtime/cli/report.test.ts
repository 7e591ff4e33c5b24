import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {createHash} from "node:crypto";
import {JSDOM} from "jsdom";
import {afterAll, beforeAll, expect, test} from "vitest";
import {demoIn} from "../../demo-file.js";
import {shortModel} from "../../short-model.js";
import {cli} from "./run-program.js";

let folder: string;
let demo: string;
let model: string[];
const at = (name: string) => join(folder, name);
const rows = ["--rows", "0-39"];
const meta = {title: "A <b>title</b>", abstract: "One.\n\nTwo & <script>alert(1)</script>.", doi: "10.1/x", lab: "L"};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "report-"));
  demo = demoIn(folder);
  model = ["--model", await shortModel(folder)];
  writeFileSync(at("desc.json"), JSON.stringify(meta));
  const told = await cli(
    "report",
    demo,
    ...rows,
    ...model,
    "--out",
    at("site"),
    "--meta",
    at("desc.json"),
    "--color",
    "cell_type,quality",
    "--genes",
    "SNAP25",
    "--store",
    at("store")
  );
  expect(told).toMatchObject({
    status: 0,
    text: expect.stringContaining("report of 40 cells; published of obs: cell_type, quality")
  });
});
afterAll(() => rmSync(folder, {recursive: true}));

const documentAt = (path: string) => new JSDOM(readFileSync(path, "utf8")).window.document;
const filesOf = (path: string) =>
  readdirSync(path, {recursive: true, encoding: "utf8"}).filter((name) => statSync(join(path, name)).isFile());

test("a site of files that hold together: every section, every address in the folder, no script, and a policy that allows none", () => {
  const page = documentAt(at("site/index.html"));
  expect([...page.querySelectorAll("h2")].map(({id}) => id)).toEqual([
    "overview",
    "maps",
    "groups",
    "trust",
    "quality",
    "genes",
    "sentence",
    "methods",
    "reveals",
    "downloads"
  ]);
  expect(page.querySelector("h1")!.textContent).toBe(meta.title);
  expect(page.querySelectorAll("script, iframe, object, img, [style], [onclick]")).toHaveLength(0);
  expect(page.querySelector("meta[http-equiv='Content-Security-Policy']")!.getAttribute("content")).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
  );
  const addresses = [...page.querySelectorAll("[href], [src]")].map(
    (element) => element.getAttribute("href") ?? element.getAttribute("src")!
  );
  const outside = addresses.filter((address) => /^[a-z]+:|^\//.test(address));
  expect(outside).toEqual(["data:,", "https://doi.org/10.1/x"]);
  for (const address of addresses.filter((one) => !outside.includes(one))) {
    if (address.startsWith("#")) expect(page.getElementById(address.slice(1)), address).not.toBeNull();
    else expect(existsSync(at(`site/${address}`)), address).toBe(true);
  }
  // Cells by model and by components, in two columns and a gene: 4 maps; 3 histograms, one of what the model lacks.
  const drawings = [...page.querySelectorAll("figure > svg")];
  expect(drawings.length).toBeGreaterThanOrEqual(7);
  for (const drawing of drawings) expect(drawing.getAttribute("aria-label")).toMatch(/\d+ cells/);
  const dots = [
    ...drawings
      .find((drawing) => /vectors, colored by cell_type/.test(drawing.getAttribute("aria-label")!))!
      .querySelectorAll("path:not(.line)")
  ];
  expect(dots.reduce((sum, path) => sum + path.getAttribute("d")!.split("M").length - 1, 0)).toBe(40);
  expect(page.getElementById("trust")!.parentElement!.textContent).toMatch(/cell_typemodel\d+\.\d ± \d+\.\d %/);
  expect(page.getElementById("methods")!.parentElement!.textContent).toMatch(
    /demo\.h5ad .* UCE small, human .* seed 42/
  );
});

test("what is not on the list is in no file: other columns, and the names of cells", () => {
  for (const name of filesOf(at("site"))) {
    const text = readFileSync(at(`site/${name}`), "utf8");
    expect(text, name).not.toMatch(/donor|simulated-\d|obs:doublet/);
  }
  expect(readFileSync(at("site/data/cells.csv"), "utf8").split("\r\n")[0]).toBe(
    "row,status,x,y,obs:cell_type,obs:quality"
  );
});

test("built again from the store it is the same, byte for byte, and nothing is embedded", async () => {
  const before = filesOf(at("site")).map((name) => [name, readFileSync(at(`site/${name}`), "utf8")]);
  const results = () => filesOf(at("store")).filter((name) => name.includes("part-")).length;
  const parts = results();
  const args = ["--meta", at("desc.json"), "--color", "cell_type,quality", "--genes", "SNAP25", "--store", at("store")];
  expect((await cli("report", demo, ...rows, ...model, "--out", at("site"), ...args)).status).toBe(0);
  expect(filesOf(at("site")).map((name) => [name, readFileSync(at(`site/${name}`), "utf8")])).toEqual(before);
  expect(results()).toBe(parts);
});

test("one file that stands alone: style and downloads inside, a policy that names the style's hash", async () => {
  const told = await cli(
    "report",
    demo,
    ...rows,
    ...model,
    "--single-file",
    "--cell-names",
    "--out",
    at("one.html"),
    "--store",
    at("store")
  );
  expect(told).toMatchObject({
    status: 0,
    text: expect.stringMatching(/one\.html \(0\.\d MB\): report of 40 cells; published of obs: no column/)
  });
  const page = documentAt(at("one.html"));
  const style = page.querySelector("style")!.textContent!;
  const hash = createHash("sha256").update(style).digest("base64");
  expect(page.querySelector("meta[http-equiv='Content-Security-Policy']")!.getAttribute("content")).toContain(
    `style-src 'sha256-${hash}'`
  );
  expect([...page.querySelectorAll("link[rel=stylesheet], script, img")]).toEqual([]);
  const csv = page.querySelector("a[download='cells.csv']")!.getAttribute("href")!;
  expect(Buffer.from(csv.split(",")[1], "base64").toString()).toMatch(/^row,cell_id,status,x,y\r\n0,simulated-001,ok,/);
});

test("several files get a page each and a list of them", async () => {
  const two = [demo, "tests/fixtures/anndata/columns.h5ad"];
  expect(
    await cli(
      ...["report", ...two, "--rows", "0-11", ...model, "--title", "Two", "--out", at("two"), "--store", at("store")],
      ...["--color", "cell_type", "--genes", "SNAP25"]
    )
  ).toMatchObject({
    status: 0,
    errors: expect.stringMatching(
      /columns\.h5ad has no column "cell_type": its report is made without[^]*no gene called SNAP25/
    )
  });
  expect(await cli("report", ...two, "--color", "celltype", "--out", at("no"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/none of the files has a column "celltype" in obs.*choose from cell_type, .*category/)
  });
  const index = documentAt(at("two/index.html"));
  const links = [...index.querySelectorAll("main a")].map((link) => link.getAttribute("href")!);
  expect(links).toEqual(["demo/index.html", "columns/index.html"]);
  for (const link of links) {
    const page = documentAt(at(`two/${link}`));
    for (const element of page.querySelectorAll("a[download], link[rel=stylesheet], header a[href$='index.html']"))
      expect(existsSync(join(at("two"), dirname(link), element.getAttribute("href")!)), element.outerHTML).toBe(true);
  }
});

test("what is said of the file is said on standard error, and not published; a matrix can be chosen", async () => {
  const file = "tests/fixtures/anndata/values-counts-in-layer.h5ad";
  const told = await cli("report", file, "--matrix", "layers/counts", ...model, "--out", at("layer"));
  expect(told.status).toBe(0);
  expect(documentAt(at("layer/index.html")).getElementById("methods")!.parentElement!.textContent).toMatch(
    /Counts were read from layers\/counts;/
  );
  const twice = await cli("report", "tests/fixtures/anndata/names-twice.h5ad", ...model, "--out", at("twice"));
  expect(twice).toMatchObject({status: 0, errors: expect.stringContaining('a name that stands more than once, "c0"')});
  expect(readFileSync(at("twice/index.html"), "utf8")).not.toContain("stands more than once");
  const fault = await cli("report", file, "--matrix", "layers/nope", "--out", at("no"));
  expect(fault).toMatchObject({status: 2, errors: expect.stringMatching(/nope/)});
});

test("that the model was trained on these cells stands on the first section", async ({skip}) => {
  const file = "../shared/data/cells/pbmc3k_100_counts.h5ad";
  if (!existsSync(file)) skip(`${file} is not there`);
  expect((await cli("report", file, "--rows", "0-5", ...model, "--out", at("known"))).status).toBe(0);
  const note = documentAt(at("known/index.html")).querySelector("[aria-labelledby=overview] .note")!;
  expect(note.textContent).toMatch(/^All 100 cells are of a data set that the model was trained on .*optimistic\.$/);
});

test("refusals write nothing and destroy nothing", async () => {
  mkdirSync(at("mine"));
  writeFileSync(at("mine/thesis.txt"), "words");
  const report = (...args: string[]) => cli("report", demo, "--rows", "0-1", ...model, ...args);
  expect(await report("--out", at("mine"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/mine holds other files \(thesis\.txt\)/)
  });
  expect(readdirSync(at("mine"))).toEqual(["thesis.txt"]);
  expect(await report("--out", at("mine/thesis.txt"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/is a file/)
  });
  expect(await report("--out", at("no"), "--color", "donor,celltype")).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/no column "celltype" in obs.*choose from cell_type/)
  });
  expect(await report("--out", at("no"), "--genes", "snap25")).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/demo\.h5ad has no gene called snap25: it is called SNAP25 there/)
  });
  expect(await report("--out", at("no"), "--png", "9")).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/--png 9 is no width: give 200 to 8000 pixels/)
  });
  expect(await report("--out", at("no"), "--meta", at("nowhere.json"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/cannot be read/)
  });
  expect(await cli("report", demo, demo, "--single-file", "--out", at("no.html"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/takes one file, got 2/)
  });
  expect(existsSync(at("no"))).toBe(false);
});
