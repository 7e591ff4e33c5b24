import {readFileSync} from "node:fs";
// The build that browsers have: its file system is one of its own, as there.
import {File, ready} from "h5wasm";
import {describe, expect, test} from "vitest";
import {openH5} from "../../src/components/adapters/h5wasm.js";
import {mountSyncFile} from "../../src/components/adapters/h5wasm-sync-file.js";
import {memoryFile, type SyncFile} from "../../src/components/core/away/sync-file.js";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {columnAsText} from "../../src/components/core/anndata/column.js";
import {columnsToAdd} from "../../src/components/core/away/columns-to-add.js";
import type {MadeColumns} from "../../src/components/core/away/made-columns.js";
import type {Additions} from "../../src/components/core/away/additions.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {addToCopy} from "../../src/components/runtime/add-to-copy.js";

const nObs = 12;
const width = 700;
const values = Float32Array.from({length: nObs * width}, (_, i) => (i === 5 ? NaN : i / 7));
const additions: Additions = {
  root: "",
  nObs,
  arrays: [{name: "X_uce", width, rows: (from, to) => values.subarray(from * width, to * width)}],
  columns: [],
  texts: {name: "uce", values: {provenance: "{}"}}
};
const words = {name: "new.h5ad", remedy: "do otherwise", obsNames: []};

function copyOf(path: string) {
  const file = memoryFile();
  file.write(readFileSync(path), 0);
  return file;
}

describe("adding to an h5ad that is no file of the system", () => {
  test.each(["csc", "records", "user-block"])("%s: what is added can be read, the rest as before", async (name) => {
    const path = `tests/fixtures/away/${name}.h5ad`;
    const module = await ready;
    const file = copyOf(path);
    await addToCopy({module, File}, file, additions, words);
    const {path: at, unmount} = mountSyncFile(module, file);
    const reader = openH5({module, path: at, name, byteLength: file.size()});
    const before = await openH5File(path);
    expect(reader.read("/obsm/X_uce")).toEqual(values);
    expect(reader.read("/uns/uce/provenance")).toBe("{}");
    const places = before.node("/X")!.kind === "dataset" ? ["/X", "/obs"] : ["/X/data", "/X/indices"];
    for (const place of places.filter((place) => before.node(place)?.kind === "dataset"))
      expect(reader.read(place)).toEqual(before.read(place));
    reader.close();
    before.close();
    unmount();
    if (name === "user-block")
      expect(file.bytes().subarray(0, 512)).toEqual(new Uint8Array(readFileSync(path)).subarray(0, 512));
  });

  test("an empty one becomes an h5ad of names", async () => {
    const module = await ready;
    const file = memoryFile();
    const obsNames = Array.from({length: nObs}, (_, i) => `c${i}`);
    await addToCopy({module, File}, file, additions, {...words, obsNames});
    const {path, unmount} = mountSyncFile(module, file);
    const reader = openH5({module, path, name: "new", byteLength: file.size()});
    expect(reader.read("/obs/_index")).toEqual(obsNames);
    reader.close();
    unmount();
  });

  test("columns come behind those of obs, which stay, and are read back as anndata reads them", async () => {
    const path = "tests/fixtures/away/csc.h5ad";
    const before = openAnnData(await openH5File(path));
    const names = before.columns("obs").map(({name}) => name);
    const labels: MadeColumns["columns"] = [
      {name: "label", kind: "text", values: ["B cell", null, ...new Array<string>(10).fill("T cell, \u03b1\u03b2")]},
      {name: names[0], kind: "number", values: Float64Array.from({length: nObs}, (_, i) => i / 8), valid: undefined}
    ];
    const rows = Int32Array.from({length: nObs}, (_, i) => (i === 3 ? -1 : i));
    const columns = columnsToAdd(labels, rows, names);
    const file = copyOf(path);
    const module = await ready;
    await addToCopy({module, File}, file, {...additions, columns}, words);
    const {path: at, unmount} = mountSyncFile(module, file);
    const after = openAnnData(openH5({module, path: at, name: "csc", byteLength: file.size()}));
    expect(after.columns("obs").map(({name}) => name)).toEqual([...names, "label", `uce_${names[0]}`]);
    for (const name of names) expect(after.column("obs", name)).toEqual(before.column("obs", name));
    const texts = columnAsText(after.column("obs", "label"));
    expect(texts.slice(0, 5)).toEqual(["B cell", "unknown", "T cell, \u03b1\u03b2", "unknown", "T cell, \u03b1\u03b2"]);
    expect(after.column("obs", `uce_${names[0]}`)).toMatchObject({
      values: Float64Array.from({length: nObs}, (_, i) => (i === 3 ? NaN : i / 8))
    });
    after.close();
    before.close();
    unmount();
  });

  test("no room: said in words, and another file can be written afterwards", async () => {
    const module = await ready;
    const whole = copyOf("tests/fixtures/away/csc.h5ad");
    const most = whole.size() + 1000;
    const full: SyncFile = {
      ...whole,
      write(from, at) {
        if (at + from.length > most) throw new DOMException("full", "QuotaExceededError");
        whole.write(from, at);
      }
    };
    await expect(addToCopy({module, File}, full, additions, words)).rejects.toMatchObject({
      details: {code: "no-room", fault: "new.h5ad cannot be written: there is no room left", remedy: "do otherwise"}
    });
    await addToCopy({module, File}, copyOf("tests/fixtures/away/csc.h5ad"), additions, words);
  });

  test("bytes that are not those written are noticed", async () => {
    const whole = copyOf("tests/fixtures/away/csc.h5ad");
    const damaged: SyncFile = {
      ...whole,
      write: (from, at) => whole.write(from.length > 4000 ? from.map((byte) => byte ^ 1) : from, at)
    };
    await expect(addToCopy({module: await ready, File}, damaged, additions, words)).rejects.toMatchObject({
      details: {code: "not-as-written"}
    });
  });
});
