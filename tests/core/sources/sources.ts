import {createHash} from "node:crypto";
import {existsSync, readFileSync} from "node:fs";
import {resolve} from "node:path";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import {columnAsText} from "../../../src/components/core/anndata/column.js";
import {matrixFacts} from "../anndata/facts.js";

/** What Python reads from a file of counts (tests/reference/sources_expected.py). */
export interface ExpectedSource {
  matrices: Record<string, {shape: number[]; nonzero: number; sha: string}>;
  obs: string;
  var: string;
  /** Columns as text, by table and name. */
  columns: Record<string, string>;
}

type Expected = Record<"own" | "shared", Record<string, ExpectedSource>>;

/** By path below tests/fixtures/sources and below ../shared/data/sources. */
export const expectedSources = JSON.parse(
  readFileSync(resolve("tests/fixtures/sources/expected.json"), "utf8")
) as Expected;

/** Path of a file of ../shared/data/sources; null where that folder is not. */
export function sharedSource(name: string): string | null {
  const path = resolve("../shared/data/sources", name);
  return existsSync(path) ? path : null;
}

/** Path of a fixture of tests/fixtures/sources. */
export const ownSource = (name: string): string => resolve("tests/fixtures/sources", name);

/** The same of an opened file: every matrix, names, and every column that the expected one lists. */
export async function sourceFacts(anndata: AnnData, expected: ExpectedSource): Promise<ExpectedSource> {
  const matrices: ExpectedSource["matrices"] = {};
  for (const info of anndata.matrices) {
    const {shape, nonzero, sha} = await matrixFacts(anndata, info);
    matrices[info.name] = {shape, nonzero, sha};
  }
  const column = (name: string) => {
    const [axis, ...rest] = name.split("/");
    return digest(columnAsText(anndata.column(axis as "obs" | "var", rest.join("/"))));
  };
  return {
    matrices,
    obs: digest(anndata.obsNames()),
    var: digest(anndata.varNames()),
    columns: Object.fromEntries(Object.keys(expected.columns).map((name) => [name, column(name)]))
  };
}

function digest(texts: readonly (string | null)[]): string {
  return createHash("sha256")
    .update(texts.map((text) => text ?? "\u0001").join("\0"))
    .digest("hex")
    .slice(0, 16);
}
