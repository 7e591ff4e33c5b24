import {spawn} from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {makeDemoCheckpoint} from "../src/components/runtime/demo-checkpoint.js";

const data = "../shared/data/cells";
const small = "pbmc3k_100_counts.h5ad";
const cells = "tests/fixtures/anndata/columns.h5ad";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "commands-"))));
afterAll(() => rmSync(folder, {recursive: true}));

/** How a command that the documents name is tried. */
interface Trial {
  /** Its shortest form: a program's arguments; what it needs is made first. */
  run?(): string[];
  /** What it must print; it is ended when that is said if it would go on. */
  says?: RegExp;
  endless?: boolean;
  /** A file that must be there; the trial is skipped with a message where it is not. */
  needs?: string;
  /** Too heavy here, or this run itself: another file that runs it or does what it does, and words in that file. */
  covered?: [file: string, words: string];
}

const npm = (name: string, ...args: string[]) => ["npm", "run", "-s", name, "--", ...args];
const node = (...args: string[]) => [process.execPath, ...args];
const cli = (...args: string[]) => node("src/cli.js", ...args);
const script = (...args: string[]) => node("--import", "tsx", ...args);

/** In the order in which they run: umap reads what embed wrote. */
const trials: Record<string, Trial> = {
  "node src/cli.js help": {run: () => cli("help", "embed"), says: /--out FILE/},
  "node src/cli.js inspect": {run: () => cli("inspect", cells), says: /Matrices/},
  "node src/cli.js sentences": {
    run: () => cli("sentences", cells, "--rows", "0-1", "--out", at("s.arrow")),
    says: /2 cells/
  },
  "node src/cli.js embed": {
    run: () => cli("embed", cells, "--rows", "0-3", "--out", at("e.arrow")),
    says: /4 cells/
  },
  "node src/cli.js umap": {run: () => cli("umap", at("e.arrow"), "--out", at("m.arrow")), says: /4 of 4 cells mapped/},
  "node src/cli.js merge": {
    run: () => cli("merge", at("e.arrow"), "--out", at("all.arrow")),
    says: /4 cells of 1 tables?/
  },
  "node src/cli.js export": {
    run: () => cli("export", at("e.arrow"), "--umap", at("m.arrow"), "--into", cells, "--out", at("with.h5ad")),
    says: /obsm\/X_uce, obsm\/X_uce_umap, uns\/uce/
  },
  "node src/cli.js cluster": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("cluster", at("e.arrow")']},
  "node src/cli.js label": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("label", at("e.arrow")']},
  "node src/cli.js reference": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("reference", at("e.arrow")']},
  "node src/cli.js markers": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("markers", cells']},
  "node src/cli.js composition": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("composition", cells']},
  "node src/cli.js explain": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("explain", demo']},
  "node src/cli.js filtering": {covered: ["tests/notebook/answers-asked.test.ts", 'cli("filtering", demo.path']},
  "node src/cli.js genesets": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("genesets", cells']},
  "node src/cli.js score": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("score", at("e.arrow")']},
  "node src/cli.js report": {
    run: () => cli("report", cells, "--rows", "0-3", "--color", "category", "--out", at("report")),
    says: /report of 4 cells; published of obs: category/
  },
  "node src/cli.js parity": {covered: ["tests/runtime/cli/parity.test.ts", 'cli("parity", "--json")']},
  "node src/cli.js convert": {
    run: () => cli("convert", checkpoint(), "--out", at("bundle")),
    says: /fp32: .* MB, the reference/
  },
  "npm start": {covered: ["tests/browser/site.test.ts", "preview, isolated by headers"]},
  "npm test": {covered: [".ci/run", "npm test"]},
  "npm run build": {covered: ["tests/browser/harness.ts", "scripts/build.js"]},
  "npm run serve": {
    run: () => npm("serve", "--port", "0", "--root", servedSite(), "--base", "/repo/", "--coi"),
    says: /http:\/\/127\.0\.0\.1:\d+\/repo\//,
    endless: true
  },
  "npm run bench": {
    run: () => npm("bench", "--quick", "--only", "node", "--out", at("bench.json")),
    says: /rows, \d+ of them failing, in .*bench\.json/
  },
  "npm run make-demo-map": {
    run: () => npm("make-demo-map", "--rows", "0-3", "--out", at("map.json")),
    says: /map\.json: 4 cells/
  },
  "npm run reading": {run: () => npm("reading"), says: /words +min +mean +longest/},
  "npm run screenshots": {covered: ["tests/browser/screenshots.test.ts", "scripts/screenshots.ts"]},
  "npm pack": {covered: ["tests/package/installed.ts", "npm pack failed"]},
  "npm run acceptance": {
    run: () => npm("acceptance", "--only", "large", "--large", cells, "--cells", "2"),
    says: /"check":"large-cancel","passed":true/
  },
  "node --import tsx scripts/measure-map.ts": {
    run: () =>
      script("scripts/measure-map.ts", "--cells", "300", "--tries", "1", "--steps", "2", "--out", at("frames.json")),
    says: /select on linked maps by lasso: .* frames a second/
  },
  "node --import tsx scripts/measure-umap.ts": {
    run: () =>
      script("scripts/measure-umap.ts", "--cells", "200", "--width", "8", "--umap-js", "--out", at("times.json")),
    says: /"cells":200,.*"umap-js":\{"fit"/
  },
  "node --import tsx scripts/measure-sources.ts": {
    run: () => script("scripts/measure-sources.ts", "tests/fixtures/sources/mtx-sample", "--one"),
    says: /"open":\{"processor":[\d.]+,"clock":[\d.]+\},.*"cells":12\}/
  },
  "node --import tsx scripts/make-umap-page.ts": {
    run: () => script("scripts/make-umap-page.ts", at("umap-page"))
  },
  "node --import tsx scripts/make-gpu-probe.ts": {
    run: () => script("scripts/make-gpu-probe.ts", at("probe"), "--site", tinySite(), "--rows", "0-1")
  },
  "node --import tsx scripts/kill-embed.ts": {
    run: () => script("scripts/kill-embed.ts", cells, "--cells", "6", "--kills", "1", "--shards", "2"),
    says: /6 cells, 2 shards, killed [01] times: equal, byte for byte/
  },
  "node --import tsx scripts/measure-components.ts": {
    run: () => script("scripts/measure-components.ts", cells, "--cells", "40"),
    says: /"cells":40,.*"processorSeconds":/
  },
  "node --import tsx scripts/measure-processor.ts": {
    run: () =>
      script("scripts/measure-processor.ts", "--shape", "tiny", "--length", "40", "--repeats", "1", "--kernels"),
    says: /"way":"ours","ms":[\d.]+,"difference":\d(\.\d+)?e-[78]\}/
  },
  "node --import tsx scripts/measure-blocks.ts": {covered: ["tests/browser/variants.test.ts", "compareBlocks"]},
  "node --import tsx scripts/measure-feeding.ts": {
    run: () => script("scripts/measure-feeding.ts", cells, "--ms", "0.6", "--repeats", "1"),
    says: /"cells":\d+,.*"endToEnd":/
  },
  "node --import tsx scripts/try-workflow.ts": {
    covered: ["tests/workflow/workflow.test.ts", "scripts/try-workflow.ts"]
  },
  "node --import tsx scripts/add-training-sets.ts": {
    run: () => script("scripts/add-training-sets.ts", modelCopy(), listOfSets(), "tests/fixtures/anndata"),
    says: /made-up columns: \d+ cells/
  },
  "node --import tsx scripts/evaluate-model.ts": {
    run: () => script("scripts/evaluate-model.ts", "--sets", "pbmc3k", "--cells", "6", "--out", at("evaluation.json")),
    says: /PBMC3k/,
    needs: join(data, small)
  },
  "node --import tsx tests/reference/check-sentences.ts": {
    run: () => script("tests/reference/check-sentences.ts", "--data", oneFile(), "--rows", "0-3"),
    says: /rows 0-3/,
    needs: join(data, small)
  },
  "node --import tsx scripts/answers-report.ts": {
    run: () => script("scripts/answers-report.ts", cells, "--labels", "category", "--out", at("answers")),
    says: /groups x \d+ genes/
  },
  "node --import tsx scripts/clusters-report.ts": {
    run: () => script("scripts/clusters-report.ts", at("e.arrow"), "--out", at("clusters")),
    says: /4 cells, \d+ edges/
  },
  "node --import tsx scripts/trust-report.ts": {
    run: () => {
      const few = ["--cells", "20", "--seed-cells", "4", "--seeds", "2"];
      return script("scripts/trust-report.ts", join(data, small), "--labels", "louvain", ...few, "--out", at("trust"));
    },
    needs: join(data, small)
  },
  // It writes 3.1 GB: a test converts a checkpoint of that size whose weights are made as they are read.
  "node --import tsx scripts/make-large-checkpoint.ts": {
    covered: ["tests/core/convert/published-size.test.ts", "of the published size"]
  },
  // It writes 3.4 GB: the test writes a small one.
  "node --import tsx scripts/make-original-checkpoint.ts": {
    covered: ["tests/scripts/original-checkpoint.test.ts", "writeOriginalCheckpoint"]
  },
  "node --import tsx tests/bench/convert-in-browser.ts": {
    covered: ["tests/browser/choose-model.test.ts", "convertWithBreaks"]
  },
  // Gigabytes at the published size: tests make such a bundle small and run it, and round as the script does.
  "node --import tsx tests/bench/family.ts": {
    covered: ["tests/browser/wgsl.test.ts", "writeRandomBundle({...originalBundle"]
  },
  "node --import tsx scripts/measure-storage.ts": {
    covered: ["tests/core/convert/nibbles.test.ts", "what measure-storage.ts calls so"]
  },
  // Minutes at the published size: the same clicks on a small checkpoint.
  "node --import tsx tests/bench/full-size.ts": {
    covered: ["tests/browser/choose-model.test.ts", "the map is made without its host"]
  }
};

test("every command that README.md or docs/*.md name is tried here, and nothing else", () => {
  expect(Object.keys(trials).sort()).toEqual(commandsIn(["README.md", ...docs()]));
});

test("the search for commands finds them in blocks and in running text, once each", () => {
  const text =
    "Run `npm run x -- --y`:\n\n    node src/cli.js embed a --out b   words\n    npm start\n\n`node src/cli.js embed c`, `npm ci`.";
  expect(commandsOf(text)).toEqual(["npm run x", "node src/cli.js embed", "npm start", "node src/cli.js embed"]);
});

test.for(Object.entries(trials))("%s", async ([, {run, says, endless, needs, covered}], {skip}) => {
  if (covered !== undefined) return expect(readFileSync(covered[0], "utf8")).toContain(covered[1]);
  if (needs !== undefined && !existsSync(needs)) skip(`${needs} is not there`);
  const {status, said} = await ended(run!(), endless ? says : undefined);
  expect(said).toMatch(says ?? /^/);
  if (!endless) expect({status, said}).toMatchObject({status: 0});
});

/** A copy of the embedded model's folder. */
function modelCopy(): string {
  cpSync("src/data/model", at("model"), {recursive: true});
  return at("model");
}

/** A list of one training set. */
function listOfSets(): string {
  writeFileSync(at("sets.json"), JSON.stringify({"columns.h5ad": "made-up columns"}));
  return at("sets.json");
}

/** A folder with a checkpoint of the public layout. */
function checkpoint(): string {
  mkdirSync(at("checkpoint"));
  const {config, weights} = makeDemoCheckpoint();
  writeFileSync(at("checkpoint/config.json"), JSON.stringify(config));
  writeFileSync(at("checkpoint/model.safetensors"), weights);
  return at("checkpoint");
}

/** A folder with one small file of cells. */
function oneFile(): string {
  mkdirSync(at("one"));
  copyFileSync(join(data, small), at(`one/${small}`));
  return at("one");
}

/** A built site of one page. */
function servedSite(): string {
  mkdirSync(at("served"));
  writeFileSync(at("served/index.html"), "<!doctype html><title>One page</title>");
  return at("served");
}

/** What the probe needs of a built site: its first page, its worker and the model's files. */
function tinySite(): string {
  cpSync("src/data/model", at("site/data/model"), {recursive: true});
  writeFileSync(at("site/index.html"), "<!doctype html><head></head>");
  writeFileSync(at("site/workbook.worker.js"), "");
  return at("site");
}

function docs(): string[] {
  return readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name));
}

function commandsIn(files: string[]): string[] {
  return [...new Set(files.flatMap((file) => commandsOf(readFileSync(file, "utf8"))))].sort();
}

/** What the lines of code and the code between back-quotes of a document call, by name; placeholders in capitals are no names. */
function commandsOf(text: string): string[] {
  const lines = [...text.matchAll(/(?:^(?: {4})?|`)((?:node|npm) [^`\n]+)/gm)].map((match) => match[1].trim());
  return lines.flatMap((line) => {
    const named =
      /^(npm (?:start|test|pack|run [\w-]+)|node src\/cli\.js [a-z]+|node --import tsx \S+|node scripts\/\S+)/.exec(
        line
      );
    return named === null ? [] : [named[1].trim()];
  });
}

/** Runs a program to its end, or until it has said what was waited for. */
function ended([command, ...args]: string[], until?: RegExp): Promise<{status: number | null; said: string}> {
  return new Promise((done) => {
    let said = "";
    // A group of its own, so that what npm started ends with it.
    const child = spawn(command, args, {stdio: ["ignore", "pipe", "pipe"], detached: until !== undefined});
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (until?.test(said)) process.kill(-child.pid!, "SIGTERM");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("close", (status) => done({status, said}));
  });
}
