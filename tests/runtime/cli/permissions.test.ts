import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test, type TestContext} from "vitest";
import {run} from "./run-program.js";

const cells = "tests/fixtures/anndata/columns.h5ad";
const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const asOrdinaryUser = isRoot ? {uid: nobody, gid: nobody} : {};

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "permissions-"));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, {recursive: true}));

test("an input, output, folder or store that this user may not use is said so, never a defect", async (context) => {
  await requireOrdinaryUser(context);
  const own = at("own");
  mkdirSync(own);
  if (isRoot) chownSync(own, nobody, nobody);
  const secret = at("secret.h5ad");
  copyFileSync(cells, secret);
  chmodSync(secret, 0o000);
  const closed = at("closed");
  mkdirSync(closed, {mode: 0o555});
  writeFileSync(at("fixed.arrow"), "keep", {mode: 0o444});
  const says = async (status: number, words: string, ...args: string[]) => {
    const result = await run(args, asOrdinaryUser);
    expect(result).toMatchObject({status, errors: expect.stringContaining(words)});
    expect(result.errors.trim().split("\n")).toHaveLength(1);
  };
  const denied = "permission denied (EACCES)";
  await says(2, `secret.h5ad cannot be read: ${denied}`, "inspect", secret);
  await says(2, `secret.h5ad cannot be read: ${denied}`, "embed", secret, "--out", join(own, "o.arrow"));
  await says(2, `secret.h5ad cannot be read: ${denied}`, "umap", secret, "--out", join(own, "o.arrow"));
  await says(1, `the folder ${closed} cannot be written to: ${denied}`, "embed", cells, "--out", join(closed, "o"));
  await says(1, denied, "embed", cells, "--out", at("fixed.arrow"));
  await says(1, denied, "embed", cells, "--out", join(own, "o.arrow"), "--store", join(closed, "store"));
  await says(1, denied, "report", cells, "--out", join(closed, "site"));
  await says(1, denied, "convert", "tests/fixtures/model", "--out", join(closed, "bundle"));
  expect(readFileSync(at("fixed.arrow"), "utf8")).toBe("keep");
  expect(readdirSync(own)).toEqual([]);
  chmodSync(closed, 0o755);
});
/** Permissions do not bind root: another user runs the program, where that one may read this checkout. */
async function requireOrdinaryUser(context: TestContext): Promise<void> {
  if (process.platform === "win32") context.skip("permissions are others here");
  const {status} = await run(["help"], asOrdinaryUser);
  if (status !== 0) context.skip("another user may not read this checkout, and permissions do not bind root");
}
