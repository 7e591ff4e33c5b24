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
import {ended} from "./ended.js";
import type {ScriptEnd} from "./run-scripts.js";

const data = "../shared/data/cells";
const small = "pbmc3k_100_counts.h5ad";
const cells = "tests/fixtures/anndata/columns.h5ad";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "commands-"))));
afterAll(() => rmSync(folder, {recursive: true}));

/** How a command that the documents name is tried. */
interface Trial {
  /** Its shortest form: a program and its arguments; what it needs is made first. */
  run?(): string[];
  /** The same for a script of ours, and its arguments: all of them are run in one process (run-scripts.ts), by npm's names too. */
  script?(): string[];
  /** What it must print; it is ended when that is said if it would go on. */
  says?: RegExp;
  endless?: boolean;
  /** A file that must be there; the trial is skipped with a message where it is not. */
  needs?: string;
  /** Too heavy here, or this run itself: another file that runs it or does what it does, and words in that file. */
  covered?: [file: string, words: string];
}

const cli = (...args: string[]) => ["src/cli.js", ...args];
const words = (...args: string[]) => args;
const few = (options: string) => options.split(" ");

/** In the order in which they run: a script reads what embed wrote. */
const trials: Record<string, Trial> = {
  "node src/cli.js help": {script: () => cli("help", "embed"), says: /--out FILE/},
  "node src/cli.js inspect": {covered: ["tests/runtime/cli/nothing-sent.test.ts", '["inspect", cells]']},
  "node src/cli.js sentences": {covered: ["tests/runtime/cli/cli.test.ts", 'cli("sentences", demo']},
  "node src/cli.js embed": {
    script: () => cli("embed", cells, "--rows", "0-3", "--out", at("e.arrow")),
    says: /4 cells/
  },
  "node src/cli.js umap": {covered: ["tests/runtime/cli/nothing-sent.test.ts", '["umap", table()']},
  "node src/cli.js merge": {covered: ["tests/runtime/cli/nothing-sent.test.ts", '["merge", table()']},
  "node src/cli.js export": {covered: ["tests/runtime/cli/nothing-sent.test.ts", '["export", table()']},
  "node src/cli.js cluster": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("cluster", at("e.arrow")']},
  "node src/cli.js label": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("label", at("e.arrow")']},
  "node src/cli.js reference": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("reference", at("e.arrow")']},
  "node src/cli.js markers": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("markers", cells']},
  "node src/cli.js composition": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("composition", cells']},
  "node src/cli.js explain": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("explain", demo']},
  "node src/cli.js filtering": {covered: ["tests/notebook/answers-asked.test.ts", '"filtering",']},
  "node src/cli.js genesets": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("genesets", cells']},
  "node src/cli.js score": {covered: ["tests/runtime/cli/answers.test.ts", 'cli("score", at("e.arrow")']},
  "node src/cli.js report": {covered: ["tests/runtime/cli/nothing-sent.test.ts", '["report", cells']},
  "node src/cli.js parity": {covered: ["tests/runtime/cli/parity.test.ts", 'cli("parity", "--json")']},
  "node src/cli.js convert": {covered: ["tests/runtime/cli/convert-address.test.ts", 'cli("convert", join(folder']},
  "npm start": {covered: ["tests/browser/preview.test.ts", "preview, isolated by headers"]},
  "npm test": {covered: [".ci/run", "npm test"]},
  "npm run build": {covered: ["tests/browser/harness.ts", "scripts/build.js"]},
  "npm run serve": {
    run: () =>
      words(process.execPath, "scripts/serve.js", "--port", "0", "--root", servedSite(), "--base", "/repo/", "--coi"),
    says: /http:\/\/127\.0\.0\.1:\d+\/repo\//,
    endless: true
  },
  "npm run bench": {
    script: () => words("scripts/bench.ts", "--quick", "--only", "node", "--cores", "1", "--out", at("bench.json")),
    says: /rows, \d+ of them failing, in .*bench\.json/
  },
  "npm run make-demo-map": {
    script: () => words("scripts/make-demo-map.ts", "--rows", "0-1", "--out", at("map.json")),
    says: /map\.json: 2 cells/
  },
  "npm run reading": {script: () => words("scripts/reading.ts"), says: /words +min +mean +longest/},
  "npm run screenshots": {covered: ["tests/browser/screenshots.test.ts", "scripts/screenshots.ts"]},
  "npm pack": {covered: ["tests/package/installed.ts", "npm pack failed"]},
  "npm run acceptance": {
    script: () => words("scripts/acceptance.ts", "--only", "large", "--large", cells, "--cells", "2", "--rest", "200"),
    says: /"check":"large-cancel","passed":true/
  },
  "node --import tsx scripts/measure-map.ts": {
    script: () =>
      words("scripts/measure-map.ts", ...few("--cells 300 --tries 1 --steps 2 --rest 50"), "--out", at("frames.json")),
    says: /select on linked maps by lasso: .* frames a second/
  },
  "node --import tsx scripts/measure-umap.ts": {
    script: () =>
      words("scripts/measure-umap.ts", "--cells", "60", "--width", "8", "--umap-js", "--out", at("times.json")),
    says: /"cells":60,.*"umap-js":\{"fit"/
  },
  "node --import tsx scripts/measure-sources.ts": {
    script: () => words("scripts/measure-sources.ts", "tests/fixtures/sources/mtx-sample", "--one"),
    says: /"open":\{"processor":[\d.]+,"clock":[\d.]+\},.*"cells":12\}/
  },
  "node --import tsx scripts/make-umap-page.ts": {
    script: () => words("scripts/make-umap-page.ts", at("umap-page"))
  },
  "node --import tsx scripts/make-gpu-probe.ts": {
    script: () => words("scripts/make-gpu-probe.ts", at("probe"), "--site", tinySite(), "--rows", "0-1")
  },
  "node --import tsx scripts/kill-embed.ts": {
    script: () => words("scripts/kill-embed.ts", cells, "--cells", "6", "--kills", "1", "--shards", "2"),
    says: /6 cells, 2 shards, killed [01] times: equal, byte for byte/
  },
  "node --import tsx scripts/measure-components.ts": {
    script: () => words("scripts/measure-components.ts", cells, "--cells", "40"),
    says: /"cells":40,.*"processorSeconds":/
  },
  "node --import tsx scripts/measure-processor.ts": {
    script: () =>
      words("scripts/measure-processor.ts", "--shape", "tiny", "--length", "40", "--repeats", "1", "--kernels"),
    says: /"way":"ours","ms":[\d.]+,"difference":\d(\.\d+)?e-[78]\}/
  },
  "node --import tsx scripts/measure-blocks.ts": {covered: ["tests/browser/encoders.test.ts", "compareBlocks"]},
  "node --import tsx scripts/measure-feeding.ts": {
    script: () => words("scripts/measure-feeding.ts", cells, "--ms", "0.6", "--repeats", "1"),
    says: /"cells":\d+,.*"endToEnd":/
  },
  "node --import tsx scripts/try-workflow.ts": {
    covered: ["tests/workflow/workflow.test.ts", "scripts/try-workflow.ts"]
  },
  "node --import tsx scripts/add-training-sets.ts": {
    script: () => words("scripts/add-training-sets.ts", modelCopy(), listOfSets(), "tests/fixtures/anndata"),
    says: /made-up columns: \d+ cells/
  },
  "node --import tsx scripts/evaluate-model.ts": {
    script: () =>
      words("scripts/evaluate-model.ts", "--sets", "pbmc3k", "--cells", "3", "--out", at("evaluation.json")),
    says: /PBMC3k/,
    needs: join(data, small)
  },
  "node --import tsx tests/reference/check-sentences.ts": {
    script: () => words("tests/reference/check-sentences.ts", "--data", oneFile(), "--rows", "0-3"),
    says: /rows 0-3/,
    needs: join(data, small)
  },
  "node --import tsx scripts/answers-report.ts": {
    script: () => words("scripts/answers-report.ts", cells, "--labels", "category", "--out", at("answers")),
    says: /groups x \d+ genes/
  },
  "node --import tsx scripts/clusters-report.ts": {
    script: () => words("scripts/clusters-report.ts", at("e.arrow"), "--out", at("clusters")),
    says: /4 cells, \d+ edges/
  },
  "node --import tsx scripts/trust-report.ts": {
    script: () => {
      const options = few("--labels louvain --cells 10 --seed-cells 4 --seeds 2");
      return words("scripts/trust-report.ts", join(data, small), ...options, "--out", at("trust"));
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
    covered: ["tests/browser/encoders.test.ts", "writeRandomBundle({...originalBundle"]
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

test.for(Object.entries(trials))(
  "%s",
  {timeout: 400_000},
  async ([name, {run, says, endless, needs, covered}], {skip}) => {
    if (covered !== undefined) return expect(readFileSync(covered[0], "utf8")).toContain(covered[1]);
    if (needs !== undefined && !existsSync(needs)) skip(`${needs} is not there`);
    const {status, said} = await (run === undefined ? scriptEnd(name) : ended(run(), endless ? says : undefined));
    expect(said).toMatch(says ?? /^/);
    if (!endless) expect({status, said}).toMatchObject({status: 0});
  }
);

test("npm run NAME runs the script of this name", () => {
  const {scripts} = JSON.parse(readFileSync("package.json", "utf8")) as {scripts: Record<string, string>};
  for (const [name, {script}] of Object.entries(trials)) {
    const called = /^npm run (.+)/.exec(name)?.[1];
    if (called === undefined || script === undefined) continue;
    expect(scripts[called]).toBe(`node scripts/ensure.js && node --import tsx ${script()[0]}`);
  }
  expect(scripts["serve"]).toBe("node scripts/serve.js");
});

let ends: Promise<Map<string, ScriptEnd>> | undefined;

/** How the script of a trial ended: all are run when the first is asked for, one again, alone, when it is asked for again. */
async function scriptEnd(name: string): Promise<ScriptEnd> {
  ends ??= runScripts(Object.keys(trials));
  const known = await ends;
  const end = known.get(name) ?? (await runScripts([name])).get(name)!;
  known.delete(name);
  return end;
}

async function runScripts(names: string[]): Promise<Map<string, ScriptEnd>> {
  const calls = names.flatMap((name) => {
    const {script, needs} = trials[name];
    return script === undefined || (needs !== undefined && !existsSync(needs)) ? [] : [{name, call: script()}];
  });
  const list = JSON.stringify(calls.map(({call}) => call));
  const {status, said} = await ended([process.execPath, "--import", "tsx", "tests/run-scripts.ts", list]);
  const told = said.split("\n").filter((line) => line.startsWith('{"script"'));
  expect({status, scripts: told.length}, said).toEqual({status: 0, scripts: calls.length});
  return new Map(calls.map(({name}, i) => [name, JSON.parse(told[i]) as ScriptEnd]));
}

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

/** A folder with one small file of cells. */
function oneFile(): string {
  mkdirSync(at("one"), {recursive: true});
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
