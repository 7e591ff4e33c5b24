/**
 * Measures what opening counts and sampling their sentences takes, a format in a process of its own:
 *
 *     /usr/bin/python3 tests/reference/source_bench.py FOLDER
 *     node --import tsx scripts/measure-sources.ts FOLDER [--runs 1]
 *
 * Prints a row a format: bytes on disk, processor seconds (user and system) to open and to sentences, seconds by the clock, and the most memory that the
 * process took. Opening is all that a page says of a file; a matrix in Matrix Market form is turned into rows there.
 */
import {execFileSync} from "node:child_process";
import {readdirSync, statSync} from "node:fs";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {load, normalize, openFile, sample} from "../src/components/notebook/node.js";

/** What a process measured. */
interface Measured {
  open: {processor: number; clock: number};
  all: {processor: number; clock: number};
  /** MB. */
  memory: number;
  cells: number;
}

const {
  values: options,
  positionals: [path]
} = parseArgs({allowPositionals: true, options: {runs: {type: "string", default: "1"}, one: {type: "boolean"}}});
if (path === undefined) throw new Error("name the folder that source_bench.py made");

if (options.one) {
  const begun = performance.now();
  const since = () => {
    const {user, system} = process.cpuUsage();
    return {processor: (user + system) / 1e6, clock: (performance.now() - begun) / 1000};
  };
  const file = await openFile(path);
  const open = since();
  const table = await sample(normalize(load(file))).table();
  const memory = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({open, all: since(), memory, cells: table.numRows} satisfies Measured));
} else {
  console.log("| file | MB | open: processor, clock | to sentences: processor, clock | memory, MB |");
  for (const name of ["cells.h5ad", "cells-plain.h5ad", "tenx.h5", "blosc.zarr", "zstd.zarr", "mtx"]) {
    for (let run = 0; run < Number(options.runs); run++) console.log(row(join(path, name)));
  }
}

function row(file: string): string {
  const args = ["--import", "tsx", fileURLToPath(import.meta.url), file, "--one"];
  const {open, all, memory} = JSON.parse(execFileSync(process.execPath, args, {encoding: "utf8"})) as Measured;
  const times = [open, all].map(({processor, clock}) => `${processor.toFixed(1)} s, ${clock.toFixed(1)} s`);
  return `| ${[basename(file), (sizeOf(file) / 1e6).toFixed(0), ...times, memory.toFixed(0)].join(" | ")} |`;
}

function sizeOf(file: string): number {
  const entry = statSync(file);
  return entry.isFile() ? entry.size : readdirSync(file).reduce((sum, name) => sum + sizeOf(join(file, name)), 0);
}
