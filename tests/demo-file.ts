import {spawnSync} from "node:child_process";
import {copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** The demo's file in a temporary folder of the caller's; call `remove` in the end. It is made once for all test files of a run (tests/setup.ts). */
export function demoFile(): {path: string; folder: string; remove(): void} {
  const folder = mkdtempSync(join(tmpdir(), "workbook-"));
  return {path: demoIn(folder, "cells.h5ad"), folder, remove: () => rmSync(folder, {recursive: true})};
}

/** Puts the demo's file into a folder and returns its path there. */
export function demoIn(folder: string, name = "demo.h5ad"): string {
  const path = join(folder, name);
  const run = process.env["WORKBOOK_TEST_RUN"];
  const made = run === undefined ? path : join(run, "demo.h5ad");
  if (!existsSync(made)) {
    const {status, stdout, stderr} = spawnSync(process.execPath, ["--import", "tsx", "src/data/demo.h5ad.ts"], {
      maxBuffer: 1 << 26
    });
    if (status !== 0 || stderr.length > 0)
      throw new Error(`the demo's file could not be made in silence: ${stderr.toString()}`);
    // Whole or not at all: another file's worker may look for it meanwhile.
    writeFileSync(`${made}.${process.pid}`, stdout);
    renameSync(`${made}.${process.pid}`, made);
  }
  if (made !== path) copyFileSync(made, path);
  return path;
}
