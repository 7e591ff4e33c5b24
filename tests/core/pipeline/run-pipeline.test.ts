import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {type PipelineEvent} from "../../../src/components/core/pipeline/events.js";
import {defaultParameters} from "../../../src/components/core/parameters.js";
import {
  runPipeline,
  type PipelineDeps,
  type PipelineOptions
} from "../../../src/components/core/pipeline/run-pipeline.js";
import {logReads, openFixtureReader} from "../anndata/open.js";

const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
const bundle: Partial<Bundle> = {
  genes,
  species: "human",
  lists: [{name: "human", genes}],
  hash: "none",
  manifest: {name: "none", sentence: uceBrainSentence} as Bundle["manifest"]
};
const deps = {bundle, software: {name: "test", version: "0"}} as PipelineDeps;

/** Runs load to sample on a fixture: the columns of the cells table, and the places read. */
async function load(file: string, keep: PipelineOptions["keep"]): Promise<{columns: string[]; places: Set<string>}> {
  const reader = logReads(await openFixtureReader(file));
  const anndata = openAnnData(reader);
  let columns: string[] = [];
  const onEvent = (event: PipelineEvent) => {
    if (event.type === "table" && event.name === "cells") columns = event.table.schema.fields.map(({name}) => name);
  };
  const provenance = {name: file, bytes: 0, identity: ""};
  await runPipeline({anndata, provenance}, deps, {parameters: defaultParameters, until: "sample", keep, onEvent});
  reader.close();
  return {columns, places: new Set(reader.reads.map(({place}) => place))};
}

it("the file's obs columns are read for the cells table, and not at all where it is not to hold them", async () => {
  const whole = await load("columns", {});
  const bare = await load("columns", {obs: false});
  const own = ["row", "cell_id", "status", "total_counts", "n_genes", "aligned_counts"];
  expect(bare.columns).toEqual(own);
  expect(whole.columns.slice(0, own.length)).toEqual(own);
  expect(whole.columns).toContain("obs:category");
  const obs = ({places}: {places: Set<string>}) => [...places].filter((place) => place.startsWith("/obs"));
  expect(obs(whole).length).toBeGreaterThan(10);
  expect(obs(bare)).toEqual(["/obs/_index"]);
});
