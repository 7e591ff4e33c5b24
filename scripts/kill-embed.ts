/**
 * Kills `embed --store` at random moments and looks whether the table's cells and vectors are those of an uninterrupted run, byte for byte:
 *
 *     node --import tsx scripts/kill-embed.ts [FILE.h5ad] [--cells 2000] [--kills 10] [--shards 1]
 *
 * Without FILE the demo's cells are taken. Each run is killed (SIGKILL) once it has kept a random number of batches more, at a random
 * moment after that; then it is begun again. With --shards the file is embedded so shard by shard, and merged. Exit status 1 if anything differs.
 * What is compared with and the merging, which nothing disturbs, run in this process.
 */
import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {isDeepStrictEqual, parseArgs} from "node:util";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import {writeDemoFile} from "../src/components/runtime/demo-file.js";
import {runCommand} from "./run-command.js";

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    cells: {type: "string", default: "2000"},
    kills: {type: "string", default: "10"},
    shards: {type: "string", default: "1"}
  }
});
const folder = mkdtempSync(join(tmpdir(), "kill-embed-"));
const at = (name: string) => join(folder, name);
const cells = Number(options.cells);
const shards = Number(options.shards);

try {
  const file = positionals[0] ?? (await writeDemoFile(folder));
  const rows = ["--rows", `0-${cells - 1}`, "--threads", "1"];
  await runCommand("embed", file, ...rows, "--out", at("whole.arrow"));
  let kills = 0;
  for (let shard = 1; shard <= shards; shard++) {
    const out = at(`shard-${shard}.arrow`);
    const args = ["embed", file, ...rows, "--shard", `${shard}/${shards}`, "--store", at("store"), "--out", out];
    const wanted = Math.ceil((Number(options.kills) * shard) / shards);
    while (kills < wanted && !existsSync(out)) kills += Number(await killed(args, cells / shards / 4 / wanted));
    await ended(start(...args));
  }
  const tables = Array.from({length: shards}, (_, i) => at(`shard-${i + 1}.arrow`));
  await runCommand("merge", ...tables, "--out", at("merged.arrow"));
  const [merged, whole] = ["merged.arrow", "whole.arrow"].map((name) =>
    readEmbeddings(tableFromBytes(readFileSync(at(name))))
  );
  const same = isDeepStrictEqual(merged, whole);
  const left = readdirSync(folder).filter((name) => name.startsWith("."));
  console.log(
    `${cells} cells, ${shards} shards, killed ${kills} times: ${same ? "equal, byte for byte" : "DIFFERENT"}${left.length > 0 ? `; left behind: ${left.join(", ")}` : ""}`
  );
  process.exitCode = same && left.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, {recursive: true});
}

function start(...args: string[]) {
  return spawn(process.execPath, ["src/cli.js", ...args], {stdio: ["ignore", "ignore", "inherit"]});
}

function ended(child: ReturnType<typeof start>): Promise<void> {
  return new Promise((done, fail) =>
    child.on("close", (status) => (status === 0 ? done() : fail(new Error(`a run ended with ${status}`))))
  );
}

/** Runs a command and kills it after some batches; true if it did not end before. */
async function killed(args: string[], most: number): Promise<boolean> {
  const child = start(...args);
  let status: number | string | null = null;
  child.on("close", (code, signal) => (status = signal ?? code));
  const until = batches() + Math.floor(Math.random() * most);
  while (status === null && batches() <= until) await wait(5);
  await wait(Math.random() * 100);
  child.kill("SIGKILL");
  while (status === null) await wait(5);
  return status === "SIGKILL";
}

/** Batches that were ever kept: each has a number in its name that only grows. */
function batches(): number {
  if (!existsSync(at("store"))) return 0;
  const names = readdirSync(at("store"), {recursive: true, encoding: "utf8"});
  const last = new Map<string, number>();
  for (const name of names) {
    const [, run, number] = /part-(\w+)-(\d+)\.[^.]*\.arrow$/.exec(name) ?? [];
    if (run !== undefined) last.set(run, Math.max(last.get(run) ?? 0, Number(number)));
  }
  return [...last.values()].reduce((sum, number) => sum + number, 0);
}
