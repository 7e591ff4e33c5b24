/**
 * Runs the workflow for clusters (workflow/Snakefile) with several local jobs and compares what it makes with a single run:
 *
 *     node --import tsx scripts/try-workflow.ts [FILE.h5ad] [--cells 4000] [--shards 4] [--jobs 4] [--no-kill]
 *
 * Without FILE, made-up cells. The job of one shard is killed (SIGKILL) in mid-run: snakemake must end with an error and leave no
 * table; the same command again must complete (--no-kill: one run, for a few cells). Then embeddings and map must be those of `embed` and `umap`, byte for byte, the killed shard must
 * have taken up what it had, and the report must have embedded nothing. Exit status 1 if anything differs. Needs snakemake 7.19 to 7.
 */
import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {isDeepStrictEqual, parseArgs} from "node:util";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import {readUmap} from "../src/components/core/tables/umap.js";

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    cells: {type: "string", default: "4000"},
    shards: {type: "string", default: "4"},
    jobs: {type: "string", default: "4"},
    "no-kill": {type: "boolean", default: false}
  }
});
const shards = Number(options.shards);
const folder = mkdtempSync(join(tmpdir(), "try-workflow-"));
const at = (...names: string[]) => join(folder, ...names);
const results = (...names: string[]) => at("results", "cells", ...names);
let differences = 0;

function tell(check: string, holds: boolean, facts: string): void {
  if (!holds) differences += 1;
  console.log(`${holds ? "yes" : "NO "}  ${check}: ${facts}`);
}

try {
  const file = positionals[0] === undefined ? at("cells.h5ad") : resolve(positionals[0]);
  if (positionals[0] === undefined)
    program("--import", "tsx", "scripts/make-large-h5ad.ts", file, "--cells", options.cells);
  const nObs = Number((JSON.parse(program("src/cli.js", "inspect", file, "--json")) as {nObs: number}).nObs);
  configure(file, Math.ceil(nObs / shards));
  if (options["no-kill"]) tell("the workflow completes", (await workflow()) === 0, `${shards} shards`);
  else {
    await killedRun();
    await secondRun(nObs);
  }
  compare(file, nObs);
  process.exitCode = differences === 0 ? 0 : 1;
} finally {
  rmSync(folder, {recursive: true, force: true});
}

function configure(file: string, cells_per_shard: number): void {
  const command = `${process.execPath} ${join(process.cwd(), "src/cli.js")}`;
  writeFileSync(
    at("config.json"),
    JSON.stringify({cells: {cells: file}, out: at("results"), command, cells_per_shard})
  );
}

/** The exit status of snakemake with the profile for one machine; a folder of its own keeps what it remembers. */
function workflow(): Promise<number> {
  const args = ["--snakefile", "workflow/Snakefile", "--profile", "workflow/profiles/local", "--directory", folder];
  const child = spawn("snakemake", [...args, "--configfile", at("config.json"), "--cores", options.jobs], {
    stdio: ["ignore", "ignore", "pipe"]
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  return new Promise((done, fail) => {
    child.on("error", (cause) => fail(new Error("snakemake cannot be started", {cause})));
    child.on("close", (status) => {
      writeFileSync(at("said.txt"), said);
      done(status ?? -1);
    });
  });
}

async function killedRun(): Promise<void> {
  const run = workflow();
  let status: number | null = null;
  void run.then((code) => (status = code));
  // Jobs share the machine: when this many batches have come since the shard began, some are its own.
  let from: number | undefined;
  const enough = 3 * Math.min(Number(options.jobs), shards);
  while (status === null && !(from !== undefined && partsIn(results("store")) > from + enough)) {
    if (from === undefined && embedOf(2) !== undefined) from = partsIn(results("store"));
    await wait(20);
  }
  const pid = embedOf(2);
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  await run;
  const left = existsSync(results("embeddings.arrow"));
  tell(
    "shard 2 was killed, snakemake says so, no table",
    pid !== undefined && status !== 0 && !left,
    `exit status ${status}`
  );
}

async function secondRun(nObs: number): Promise<void> {
  const status = await workflow();
  if (status !== 0) console.log(readFileSync(at("said.txt"), "utf8"));
  tell("the same command again completes", status === 0, `exit status ${status}`);
  const log = readFileSync(results("logs", `embed-2-of-${shards}.log`), "utf8");
  const kept = Number(/(\d+) cells? w\w+ embedded earlier/.exec(log)?.[1] ?? 0);
  tell(
    "the killed shard goes on",
    kept > 0,
    `${kept} of its ${Math.ceil(nObs / shards)} cells were not embedded again`
  );
  const jobs = /\n *embed +(\d+)/.exec(readFileSync(at("said.txt"), "utf8"))?.[1] ?? "0";
  tell("the other shards are not embedded again", jobs === "1", `embed jobs in the second run: ${jobs}`);
}

function compare(file: string, nObs: number): void {
  program("src/cli.js", "embed", file, "--threads", "1", "--out", at("whole.arrow"));
  program("src/cli.js", "umap", at("whole.arrow"), "--out", at("map.arrow"));
  const read = (path: string) => tableFromBytes(readFileSync(path));
  const one = readEmbeddings(read(at("whole.arrow")));
  const same = isDeepStrictEqual(readEmbeddings(read(results("embeddings.arrow"))), one);
  tell(
    "vectors are those of a single run, byte for byte",
    same,
    `${one.index.length} of ${nObs} cells, width ${one.width}`
  );
  const map = readUmap(read(at("map.arrow")));
  tell(
    "the map is that of a single run",
    isDeepStrictEqual(readUmap(read(results("map.arrow"))), map),
    `${map.index.length} cells`
  );
  const stored = readdirSync(results("store"), {recursive: true, encoding: "utf8"});
  const places = new Set(stored.filter((name) => name.includes("part-")).map((name) => name.split("/").at(-2)));
  tell(
    "the report embeds nothing again",
    places.size === 1 && existsSync(results("report", "index.html")),
    "one address of vectors"
  );
  tell("no shard is left", !existsSync(results("shards")) || readdirSync(results("shards")).length === 0, "temp");
}

/** Runs Node with these arguments; what it prints. Throws if it fails. */
function program(...args: string[]): string {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: "utf8", maxBuffer: 1e8});
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return stdout;
}

function partsIn(store: string): number {
  if (!existsSync(store)) return 0;
  return readdirSync(store, {recursive: true, encoding: "utf8"}).filter((name) => name.includes("part-")).length;
}

/** The process that embeds a shard into this folder. */
function embedOf(shard: number): number | undefined {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const pid = pids.find((name) => {
    const words = commandLine(name);
    return (
      words[0] === process.execPath &&
      words.includes(`${shard}/${shards}`) &&
      words.some((word) => word.startsWith(folder))
    );
  });
  return pid === undefined ? undefined : Number(pid);
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(join("/proc", pid, "cmdline"), "utf8").split("\0");
  } catch {
    return []; // It has ended meanwhile.
  }
}
