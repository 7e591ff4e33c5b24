import {existsSync, readFileSync} from "node:fs";
import {resolve} from "node:path";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {matrixFacts} from "./facts.js";

/** What h5py and scipy read from a matrix (tests/reference/users_files.py). */
export interface ExpectedMatrix {
  shape: number[];
  nonzero: number;
  sha: string;
}

interface Expected {
  /** Of fixtures, by file and path in it. */
  own: Record<string, Record<string, ExpectedMatrix>>;
  /** Of ../shared/data/users-files, by name. */
  users: Record<string, {place: string; matrix: ExpectedMatrix; is_doublet?: number[]}>;
}

const fixtures = resolve("tests/fixtures/users-files");

export const expectedOfUsers = JSON.parse(readFileSync(resolve(fixtures, "expected.json"), "utf8")) as Expected;

/** Path of a fixture of tests/fixtures/users-files ("obs-lengths" or, with its ending, "two.h5mu"). */
export function userFixture(name: string): string {
  return resolve(fixtures, name.includes(".") ? name : `${name}.h5ad`);
}

export async function openUserFixture(name: string): Promise<AnnData> {
  return openAnnData(await openH5File(userFixture(name)));
}

/** Path of a file of ../shared/data/users-files; null where that folder is not. */
export function usersFile(name: string): string | null {
  const path = resolve("../shared/data/users-files", `${name}.h5ad`);
  return existsSync(path) ? path : null;
}

/** The facts of a matrix that the expected ones have. */
export async function factsOf(anndata: AnnData, name: string): Promise<ExpectedMatrix> {
  const {shape, nonzero, sha} = await matrixFacts(anndata, anndata.matrix(name));
  return {shape, nonzero, sha};
}
