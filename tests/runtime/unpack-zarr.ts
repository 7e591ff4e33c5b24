import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {bytesInMemory} from "../../src/components/core/sources/byte-file.js";
import {zipFiles} from "../../src/components/core/sources/zip-files.js";
import {codecs} from "../../src/components/runtime/codecs.js";

/** Unpacks the fixture `name` ("zarr-v2") as `folder`/cells.zarr, with consolidated metadata, which a host needs; returns the archive's path. */
export async function unpackZarr(name: string, folder: string): Promise<string> {
  const zip = join("tests/fixtures/sources", `${name}.zip`);
  const set = zipFiles(bytesInMemory(name, new Uint8Array(readFileSync(zip))), codecs);
  const paths = set.paths!.filter((path) => !path.endsWith("/"));
  for (const path of paths) {
    const entry = set.open(path)!;
    const to = join(folder, path);
    mkdirSync(dirname(to), {recursive: true});
    writeFileSync(to, entry.read(0, entry.byteLength));
  }
  consolidate(
    join(folder, "cells.zarr"),
    paths.filter((path) => /(\.zarray|\.zgroup|\.zattrs|zarr\.json)$/.test(path))
  );
  return zip;
}

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
