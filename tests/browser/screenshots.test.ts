import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "pictures-"))));
afterAll(() => rmSync(folder, {recursive: true}));

test("npm run screenshots pictures a page of a site, and lays the pictures on one sheet", () => {
  const few = ["--width", "390", "--theme", "light", "--mode", "plain"];
  const where = ["--site", "tests/browser/fixture", "--out", folder];
  const args = ["--import", "tsx", "scripts/screenshots.ts", ...where, ...few, "index"];
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: "utf8"});
  expect({status, stdout, stderr}).toMatchObject({status: 0});
  expect(existsSync(join(folder, "contact-sheet.html"))).toBe(true);
  expect(readdirSync(folder, {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".png"))).toHaveLength(
    1
  );
});
