import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, beforeEach, expect, test} from "vitest";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {bytesInMemory} from "../../src/components/core/sources/byte-file.js";
import {zipFiles} from "../../src/components/core/sources/zip-files.js";
import {codecs} from "../../src/components/runtime/codecs.js";
import {openCounts} from "../../src/components/runtime/node-counts.js";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {fileIdentity} from "../../src/components/core/tables/identity.js";
import {patience} from "../../src/components/core/remote/retry.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {openNodeRemote} from "../../src/components/runtime/node-remote.js";
import {cli} from "./cli/run-program.js";
import {serveRanges, type RangeServer} from "./serve-ranges.js";
import {writeSmallFile} from "./small-h5ad.js";

let folder: string;
let path: string;
let server: RangeServer;
const at = (name: string) => join(folder, name);
const file = (how: string, name = "cells.h5ad") => `${server.address}${how}/${name}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "remote-"));
  path = await writeSmallFile(folder, {name: "cells.h5ad", cells: 6000});
  server = await serveRanges(folder, {changeAfter: 3});
  expect(await sentences(path, "local.arrow")).toMatchObject({status: 0});
});
afterAll(async () => {
  await server.close();
  rmSync(folder, {recursive: true});
});
beforeEach(() => server.reset());

const sentences = (place: string, out: string) => cli("sentences", place, "--out", at(out), "--rows", "0-9");
const read = (name: string) => tableFromBytes(readFileSync(at(name)));
const tokensOf = (name: string) => [...read(name).getChild("tokens")!].map((tokens) => [...tokens.toArray()]);

test("a file is read by its address in a few requests, as it is from a disk", async () => {
  const told = await sentences(file("plain"), "remote.arrow");
  expect(told).toMatchObject({status: 0});
  expect(tokensOf("remote.arrow")).toEqual(tokensOf("local.arrow"));
  const {size} = statSync(path);
  const {requests, bytes, headers} = await server.stats();
  // A file as small as this is sampled from end to end; no block comes twice, and all of them in few requests.
  expect(size).toBeGreaterThan(1_000_000);
  expect(bytes).toBeLessThanOrEqual(size + 1);
  expect(requests).toBeLessThanOrEqual(12);
  expect(told.errors).toContain(`MB read from ${new URL(server.address).host}`);
  for (const asked of headers) {
    expect(asked).not.toHaveProperty("cookie");
    expect(asked).not.toHaveProperty("referer");
    expect(asked).not.toHaveProperty("authorization");
  }
  // The identity is the host's word for the file, and the same when it is asked again.
  const [first, again] = [await openNodeRemote(file("plain")), await openNodeRemote(file("plain"))];
  expect(first.source.identity).toBe(again.source.identity);
  expect(readProvenance(read("remote.arrow"))?.source.identity).toBe(first.source.identity);
  [first, again].forEach(({reader}) => reader.close());
});

test.each(["drop", "busy", "near"])("a host that answers %s is asked again", async (how) => {
  const quick = {...patience, first: 5, longest: 10};
  const {reader} = await openNodeRemote(file(how), {patience: quick});
  const local = await openH5File(path);
  for (const part of ["/X/data", "/X/indices", "/obs/_index"]) {
    const [there, here] = [reader, local].map((one) => Buffer.from(String(one.read(part))));
    expect(Buffer.compare(there, here), part).toBe(0);
  }
  [reader, local].forEach((one) => one.close());
});

test("a file of which the host names no version is the same file as on a disk", async () => {
  const bytes = new Uint8Array(readFileSync(path));
  const {reader, source} = await openNodeRemote(file("unversioned"));
  reader.close();
  const local = {byteLength: bytes.length, slice: (start: number, end: number) => bytes.subarray(start, end)};
  expect(source.identity).toBe(await fileIdentity(local));
});

test.each([
  ["no-ranges", "cells.h5ad", "ignores ranges", "status 206"],
  ["html", "cells.h5ad", "is a web page", "download link"],
  ["plain", "none.h5ad", "answered 404", "check the address"],
  ["forbidden", "cells.h5ad", "answered 403", "behind a sign-in"],
  ["moved", "cells.h5ad", "hands the file /moved/cells.h5ad over to another host, localhost", "if you trust localhost"],
  ["changing", "cells.h5ad", 'its ETag was "one" and is "two"', "open it again"]
])("of %s %s is said what it is", async (how, name, fault, remedy) => {
  const {status, errors} = await sentences(file(how, name), "none.arrow");
  expect(status).toBe(2);
  expect(errors).toContain(fault);
  expect(errors).toContain(remedy);
  expect(errors.trim().split("\n")).toHaveLength(1);
});

test.each(["zarr-v2", "zarr-v3"])("a Zarr folder on a host (%s) has the counts that it has in a zip", async (name) => {
  const zip = join("tests/fixtures/sources", `${name}.zip`);
  const set = zipFiles(bytesInMemory(name, new Uint8Array(readFileSync(zip))), codecs);
  for (const entry of set.paths!.filter((one) => !one.endsWith("/"))) {
    const to = at(join(name, entry));
    mkdirSync(dirname(to), {recursive: true});
    writeFileSync(to, set.open(entry)!.read(0, set.open(entry)!.byteLength));
  }
  consolidate(
    at(join(name, "cells.zarr")),
    set.paths!.filter((one) => /(\.zarray|\.zgroup|\.zattrs|zarr\.json)$/.test(one))
  );
  const there = await openNodeRemote(file("plain", `${name}/cells.zarr`));
  const here = await openCounts(zip);
  const [a, b] = [openAnnData(there.reader), openAnnData(here)];
  expect(a.obsNames()).toEqual(b.obsNames());
  expect(a.varNames()).toEqual(b.varNames());
  const rows = async (anndata: typeof a) => {
    const blocks = [];
    for await (const block of streamRows(anndata, "X")) blocks.push(block);
    return blocks;
  };
  expect(await rows(a)).toEqual(await rows(b));
  expect(there.source.identity).toMatch(/^\d+-[0-9a-f]{64}$/);
  [a, b].forEach((one) => one.close());
  await expect(openNodeRemote(file("plain", "none.zarr"))).rejects.toThrow(/no Zarr store with consolidated metadata/);
});

/** Writes consolidated metadata of the store in `folder`, whose documents are at `paths`, as zarr-python does. */
function consolidate(folder: string, paths: readonly string[]): void {
  const own = paths.map((path) => path.replace(/^cells\.zarr\//, ""));
  const parsed = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8")) as object;
  if (!own.includes("zarr.json")) {
    const metadata = Object.fromEntries(own.map((path) => [path, parsed(path)]));
    writeFileSync(join(folder, ".zmetadata"), JSON.stringify({zarr_consolidated_format: 1, metadata}));
    return;
  }
  const below = own.filter((path) => path !== "zarr.json");
  const metadata = Object.fromEntries(below.map((path) => [path.replace(/\/zarr\.json$/, ""), parsed(path)]));
  const consolidated_metadata = {kind: "inline", must_understand: false, metadata};
  writeFileSync(join(folder, "zarr.json"), JSON.stringify({...parsed("zarr.json"), consolidated_metadata}));
}
