import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {writeSmallFile} from "../small-h5ad.js";
import {cli} from "./run-program.js";

let folder: string;
let paths: string[];
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "joined-"));
  paths = [
    await writeSmallFile(folder, {name: "a.h5ad", cells: 4, genes: [0, 900]}),
    await writeSmallFile(folder, {name: "b.h5ad", cells: 3, genes: [600, 1400], seed: 2, reversed: true})
  ];
});
afterAll(() => rmSync(folder, {recursive: true}));

const read = (name: string) => {
  const table = tableFromBytes(readFileSync(at(name)));
  return {ids: [...table.getChild("cell_id")!].map(String), ...readEmbeddings(table)};
};

test("embed --join makes one table of several files, whose cells have the vectors that they have alone, also from a store", async () => {
  const joined = ["embed", ...paths, "--join", "--store", at("kept")];
  expect(await cli(...joined, "--out", at("all.arrow"))).toMatchObject({status: 0});
  expect(await cli("embed", ...paths, "--out", at("each"))).toMatchObject({status: 0});
  const [all, a, b] = ["all.arrow", "each/a.arrow", "each/b.arrow"].map(read);
  expect([...all.rows]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(all.ids).toEqual(["cell-0-a", "cell-1-a", "cell-2-a", "cell-3-a", "cell-0-b", "cell-1-b", "cell-2-b"]);
  expect([...all.vectors]).toEqual([...a.vectors, ...b.vectors]);

  const again = await cli(...joined, "--out", at("again.arrow"), "--json");
  expect(read("again.arrow")).toEqual(all);
  expect(JSON.parse(again.text)).toMatchObject({cells: 7, ok: 7, file: "a + b"});
  // In another order they are another data set.
  const turned = await cli(
    "embed",
    ...paths.toReversed(),
    "--join",
    "--store",
    at("kept"),
    "--out",
    at("turned.arrow")
  );
  expect(turned.status).toBe(0);
  expect(read("turned.arrow").ids[0]).toBe("cell-0-b");
});

test("--join of one file is refused, and so is writing over one of several", async () => {
  expect(await cli("embed", paths[0], "--join", "--out", at("one.arrow"))).toMatchObject({
    status: 1,
    errors: expect.stringContaining("--join joins several files")
  });
  expect(await cli("embed", ...paths, "--join", "--out", paths[1])).toMatchObject({
    status: 1,
    errors: expect.stringContaining("is the file to be read")
  });
});
