import {unknownSource} from "./source-errors.js";

const mark = /^(.*\/)?(\.zgroup|\.zattrs|\.zmetadata|zarr\.json)$/;

/**
 * The folder of the AnnData (or MuData) among `paths` of the folder or archive `name` that is a Zarr store: the one nearest to the top ("" for the top itself). null where nothing of Zarr is
 * there. Throws a WorkbookError (domain "file", code "unknown-source") where several stores are, or what is there is no AnnData.
 */
export function findZarr(paths: readonly string[], name: string): string | null {
  const groups = new Set(paths.flatMap((path) => (mark.exec(path) === null ? [] : [folderOf(path)])));
  if (groups.size === 0) return null;
  const depth = (folder: string) => (folder === "" ? 0 : folder.split("/").length);
  const holds = (folder: string, ...parts: string[]) =>
    parts.every((part) => groups.has(folder === "" ? part : `${folder}/${part}`));
  const tops = [...groups].filter((folder) => ![...parentsOf(folder)].some((parent) => groups.has(parent)));
  const stores = tops.filter((folder) => holds(folder, "obs", "var") || holds(folder, "mod"));
  if (stores.length === 1) return stores[0];
  if (stores.length > 1) {
    const listed = stores.sort((a, b) => depth(a) - depth(b)).slice(0, 4);
    throw unknownSource(name, `a folder of ${stores.length} Zarr stores (${listed.join(", ")})`, "give one of them");
  }
  const below = [...groups].filter((folder) => holds(folder, "obs", "var"));
  if (below.length > 0) {
    const what = groups.has("tables") ? "SpatialData" : "a Zarr store";
    throw unknownSource(
      name,
      `${what} with AnnData below it (${below.slice(0, 4).join(", ")})`,
      `give that folder: ${name}/${below[0]}`
    );
  }
  const held = [...groups].filter((folder) => depth(folder) === 1);
  throw unknownSource(
    name,
    `a Zarr store with ${held.length === 0 ? "nothing below it" : held.slice(0, 6).join(", ")}, without obs and var`,
    "give a store that anndata's write_zarr made"
  );
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function* parentsOf(folder: string): Generator<string> {
  for (let at = folder; at !== "";) yield (at = folderOf(at));
}
