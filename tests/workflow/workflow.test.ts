import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {describe, expect, test} from "vitest";
import {commands} from "../../src/components/runtime/cli/commands.js";
import {parseInvocation, shardOption} from "../../src/components/runtime/cli/arguments.js";
import {readPlainYaml, rulesOf, schemaFaults, type JsonSchema} from "./read-workflow.js";

const read = (name: string) => readFileSync(`workflow/${name}`, "utf8");
const schema = JSON.parse(read("config.schema.json")) as JsonSchema;
const given = readPlainYaml(read("config.yaml"));
const hasSnakemake = spawnSync("snakemake", ["--version"]).status === 0;

/** A configuration with every kind of options, those of the comments in config.yaml among them. */
const tiny = {
  ...given,
  cells: {tiny: "cells.h5ad"},
  reading: "--model bundle --matrix layers/counts --gene-column symbol --repair-genes all",
  embed: {options: "--batch 8"},
  umap: {run: true, options: "--neighbors 30 --min-dist 0.2"},
  report: {run: true, options: "--color cell_type,donor --genes CD3E,MS4A1 --meta desc.json"}
};

describe("the workflow's commands", () => {
  const rules = rulesOf(read("Snakefile"), tiny);

  test("are the parts of the way, each a command of the command line with options that it knows", () => {
    expect(rules.map(({name}) => name)).toEqual(["scatter", "embed", "merge", "umap", "report"]);
    for (const {name, words} of rules) {
      const invocation = parseInvocation(words);
      expect(invocation, name).toMatchObject({command: name === "scatter" ? "inspect" : name});
      expect(words.join(" "), name).not.toMatch(/[{}]/);
    }
  });

  test("name the shard, threads, store and output where the rule has them", () => {
    const options = Object.fromEntries(
      rules.map(({name, words}) => {
        const invocation = parseInvocation(words);
        return [name, "options" in invocation ? invocation.options : {}];
      })
    );
    expect(shardOption(options.embed)).toEqual({index: 2, of: 4});
    expect(options.embed).toMatchObject({threads: "1", batch: "8", matrix: "layers/counts", out: "output.table"});
    expect(options.embed.store).toBe(options.report.store);
    expect(options.scatter).toMatchObject({json: "true", model: "bundle"});
    expect(options.umap).toMatchObject({neighbors: "30", out: "output.table"});
    expect(options.report).toMatchObject({color: "cell_type,donor", model: "bundle"});
  });

  test("log what they say, and ask for memory and time", () => {
    for (const {name, text} of rules) {
      expect(text, name).toMatch(/2>(&1| \{log:q\})"/);
      expect(text, name).toContain(`**needs("${name}")`);
    }
  });

  test("a command line that the program does not know is noticed", () => {
    const wrong = rulesOf(read("Snakefile").replace("--threads", "--cores"), tiny);
    expect(() => parseInvocation(wrong[1].words)).toThrow(/embed: unknown option/);
    expect(Object.keys(commands)).toEqual(expect.arrayContaining(["inspect", "embed", "merge", "umap", "report"]));
  });
});

describe("the configuration", () => {
  test("that comes with the workflow fits its schema, but for the cells that it leaves to the user", () => {
    expect(schemaFaults(given, schema)).toEqual(["cells: fewer than 1"]);
    expect(schemaFaults(tiny, schema)).toEqual([]);
  });

  test.each([
    [{...tiny, cell_per_shard: 1}, "cell_per_shard: unknown"],
    [{...tiny, cells_per_shard: 0}, "cells_per_shard: below 1"],
    [{...tiny, cells_per_shard: "many"}, "cells_per_shard: not integer"],
    [{...tiny, umap: {run: "yes", options: ""}}, "umap.run: not boolean"],
    [{...tiny, report: {run: true}}, "report.options: missing"],
    [{...tiny, cells: {"a/b": "x.h5ad"}}, "cells: bad name a/b"]
  ])("is refused where it is wrong: %#", (config, fault) => {
    expect(schemaFaults(config, schema)).toEqual([fault]);
  });
});

describe("snakemake", () => {
  test.skipIf(!hasSnakemake)("runs it, and refuses a wrong configuration", {timeout: 300_000}, () => {
    const fixture = resolve("tests/fixtures/anndata/columns.h5ad");
    const folder = mkdtempSync(join(tmpdir(), "workflow-"));
    const dry = (...args: string[]) =>
      spawnSync("snakemake", ["--snakefile", "workflow/Snakefile", "--directory", folder, "--dry-run", ...args], {
        encoding: "utf8"
      });
    const wrong = dry("--cores", "1", "--config", "cell=1");
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toContain("Additional properties are not allowed ('cell' was unexpected)");
    const slurm = dry("--profile", "workflow/profiles/slurm", "--config", `cells={"tiny": "${fixture}"}`);
    expect(slurm.status).toBe(0);
    rmSync(folder, {recursive: true});
    const tried = spawnSync(
      process.execPath,
      ["--import", "tsx", "scripts/try-workflow.ts", fixture, "--shards", "2", "--jobs", "2", "--no-kill"],
      {encoding: "utf8"}
    );
    expect(tried.stdout + tried.stderr).not.toMatch(/^NO/m);
    expect(tried.status).toBe(0);
  });

  test.runIf(!hasSnakemake)("is not installed here (Debian: snakemake): that the workflow runs is not tried", () => {
    expect(rulesOf(read("Snakefile"), tiny)).toHaveLength(5);
  });
});
