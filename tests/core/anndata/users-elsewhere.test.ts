import {spawnSync} from "node:child_process";
import {dirname} from "node:path";
import {pathToFileURL} from "node:url";
import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {openUserFixture, userFixture, usersFile} from "./users.js";

const genes = new Set(["TP53", "GAPDH"]);

describe("data in another file are refused by name", () => {
  it("behind an external link, also half-way along a path and behind a soft link", async () => {
    const anndata = await openUserFixture("external-link-half-way");
    for (const name of ["X", "layers/counts"]) {
      expect(() => anndata.matrix(name)).toThrow(expect.objectContaining({code: "external-link"}));
      expect(() => anndata.matrix(name)).toThrow(/keeps this part in another file, elsewhere\.h5, which is not read/);
    }
    expect(() => anndata.column("obs", "linked")).toThrow(expect.objectContaining({code: "external-link"}));
    for (const place of ["/other", "/other/X", "/far", "/obs/linked", "/layers/counts/data"]) {
      const refused = expect.objectContaining({code: "external-link", details: expect.objectContaining({place})});
      expect(() => anndata.reader.node(place)).toThrow(refused);
      expect(() => anndata.reader.attributes(place)).toThrow(refused);
      expect(() => anndata.reader.read(place)).toThrow(refused);
    }
    expect(anndata.matrix("layers/own").fault).toBeNull();
    anndata.close();
  });

  for (const libver of ["earliest", "latest"]) {
    it(`in external storage, ${libver} format`, async () => {
      const anndata = await openUserFixture(`external-storage-${libver}`);
      expect(() => anndata.matrix("X")).toThrow(/another file, elsewhere\.bin, which is not read/);
      expect(() => anndata.reader.read("/X")).toThrow(expect.objectContaining({code: "external-storage"}));
      expect(anndata.columns("obs")).toMatchObject([{name: "outside", kind: "other", fault: /elsewhere\.bin/}]);
      const {problems} = await inspectAnnData(anndata, {genes});
      expect(problems[0]).toMatchObject({code: "external-storage", place: "/X", remedy: /write a single file/});
      anndata.close();
    });
  }

  it("in virtual datasets, also where what they are made of lies elsewhere in turn", async () => {
    const anndata = await openUserFixture("virtual");
    expect(() => anndata.matrix("layers/other")).toThrow(/another file, elsewhere\.h5/);
    expect(() => anndata.matrix("layers/open")).toThrow(expect.objectContaining({code: "virtual-dataset"}));
    expect(() => anndata.matrix("layers/outside")).toThrow(/another file, elsewhere\.bin/);
    anndata.close();
  });

  it("users-files/external_storage", async (context) => {
    const path = usersFile("external_storage");
    if (path === null) return context.skip("../shared/data/users-files is not here");
    const anndata = openAnnData(await openH5File(path));
    expect(() => anndata.matrix("X")).toThrow(/keeps this part in another file, .*external_storage_values\.bin/);
    anndata.close();
  });

  it("and no other file is opened, though it lies where HDF5 would look", () => {
    const script = `
      import fs from "node:fs";
      import {syncBuiltinESMExports} from "node:module";
      const opened = [];
      const open = fs.openSync;
      fs.openSync = (path, ...rest) => (opened.push(String(path)), open(path, ...rest));
      syncBuiltinESMExports();
      const {openH5File} = await import(${JSON.stringify(pathToFileURL("src/components/runtime/node-h5.ts").href)});
      const {fileTree} = await import(${JSON.stringify(pathToFileURL("src/components/core/anndata/file-tree.ts").href)});
      for (const name of process.argv.slice(1)) {
        const reader = await openH5File(name);
        fileTree(reader);
        const places = ["/X", "/layers/open", "/layers/other", "/layers/counts/data", "/obs/linked", "/obs/outside", "/far"];
        for (const place of places) try { reader.read(place) } catch {}
        reader.close();
      }
      console.log(JSON.stringify(opened.filter((path) => /elsewhere|users|virtual|external/.test(path))));`;
    const names = ["external-link-half-way.h5ad", "external-storage-earliest.h5ad", "virtual.h5ad"];
    const cwd = dirname(userFixture(names[0]));
    const tsx = import.meta.resolve("tsx");
    const {stdout, stderr} = spawnSync(
      process.execPath,
      ["--import", tsx, "--input-type=module", "-e", script, "--", ...names],
      {cwd, encoding: "utf8"}
    );
    expect(stderr).toBe("");
    const opened = JSON.parse(stdout) as string[];
    expect([...new Set(opened.map((path) => path.replace(/^.*\//, "")))].sort()).toEqual(names);
  });
});

it("links within the file are followed, also to a group and back to the root; circles are told", async () => {
  const anndata = await openUserFixture("links-within");
  expect(anndata.matrix("X").fault).toBeNull();
  expect(anndata.columns("obs")).toMatchObject([{name: "circle", kind: "other", fault: /leads nowhere/}]);
  anndata.close();
});
