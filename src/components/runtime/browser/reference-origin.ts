import {fetchRequest} from "../../adapters/http-request.js";
import {parquetColumns} from "../../adapters/hyparquet.js";
import {openAnnData} from "../../core/anndata/anndata.js";
import {WorkbookError} from "../../core/errors.js";
import type {BundleSource} from "../../core/model/bundle.js";
import {cellsOfAnnData} from "../../core/pipeline/cells-of-anndata.js";
import {cellsOfColumns} from "../../core/pipeline/cells-of-columns.js";
import {cellsOfTable} from "../../core/pipeline/cells-of-table.js";
import type {LabeledCells} from "../../core/pipeline/labeled-cells.js";
import {referencePaths} from "../../core/reference/reference-manifest.js";
import {dataAddress, nameOfAddress} from "../../core/remote/data-address.js";
import {dataFaults, notThere} from "../../core/remote/data-faults.js";
import {fileChanged} from "../../core/stages/usage-errors.js";
import {zipFiles} from "../../core/sources/zip-files.js";
import {tableFromBytes} from "../../core/tables/file.js";
import {codecs} from "../codecs.js";
import {openRemote} from "./open-remote.js";
import {openPickedFile, pickedByteFile} from "./picked-file.js";
import type {PickedFile} from "./picked-source.js";
import type {ReferenceOrigin} from "./reference-protocol.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** A reference bundle, or embedded cells of which one can be made. */
export type OpenedOrigin = {bundle: BundleSource} | {cells: LabeledCells};

/**
 * Opens what a reference is to be made of, in a worker. Rejects with a WorkbookError: "not-a-reference" where neither a bundle nor embedded cells are there, and what reading each
 * throws.
 */
export async function openOrigin(from: ReferenceOrigin): Promise<OpenedOrigin> {
  return "address" in from ? atAddress(dataAddress(from.address)) : ofFiles(from.files);
}

async function ofFiles(files: readonly PickedFile[]): Promise<OpenedOrigin> {
  const manifest = nearestTop(files.map(({path}) => path));
  if (manifest !== null) {
    const folder = manifest.slice(0, -referencePaths.manifest.length);
    const byPath = new Map(files.map(({path, file}) => [path, file]));
    return {bundle: bundle(folder || "reference", async (path) => byPath.get(folder + path) ?? null)};
  }
  const one = files.filter(({path}) => !path.split("/").at(-1)!.startsWith("."));
  if (one.length !== 1) throw noReference(`${files.length} files`);
  const [{file}] = one;
  if (/\.zip$/i.test(file.name)) return ofZip(file);
  if (isHdf5(file.name)) return {cells: cellsOfAnnData(openAnnData(await openPickedFile(file, file.name)))};
  return {cells: await cellsOfBytes(await bytesOf(file), file.name)};
}

function ofZip(file: File): OpenedOrigin {
  const set = zipFiles(pickedByteFile(file, file.name), codecs);
  const manifest = nearestTop(set.paths ?? []);
  if (manifest === null) throw noReference(file.name);
  const folder = manifest.slice(0, -referencePaths.manifest.length);
  return {
    bundle: bundle(file.name, async (path) => {
      const found = set.open(folder + path);
      return found && new Blob([found.read(0, found.byteLength)]);
    })
  };
}

async function atAddress(url: URL): Promise<OpenedOrigin> {
  const name = nameOfAddress(url);
  if (isHdf5(name)) return {cells: cellsOfAnnData((await openRemote(url.href)).anndata)};
  if (/\.(arrow|feather|parquet)$/i.test(name)) return {cells: await cellsOfBytes(await fetched(url), name)};
  const folder = new URL(url);
  folder.pathname = folder.pathname.replace(/\/?(reference\.json)?$/, "/");
  const read = async (path: string) => {
    return new Blob([await fetched(new URL(path, folder))]);
  };
  return {bundle: bundle(folder.href, read)};
}

/** A file of a host, as a whole; rejects where it is not there, and where the host does not let this page read it. */
async function fetched(url: URL): Promise<Bytes> {
  const answer = await fetchRequest({domain: "file"})(url.href, {});
  if (answer.status !== 200) {
    await answer.cancel();
    throw [404, 410].includes(answer.status) ? notThere(url.href) : dataFaults.refused(url.href, answer.status);
  }
  const parts: BlobPart[] = [];
  for await (const part of answer.body()) parts.push(part as Bytes);
  return bytesOf(new Blob(parts));
}

async function cellsOfBytes(bytes: Bytes, name: string): Promise<LabeledCells> {
  if (/\.parquet$/i.test(name)) return cellsOfColumns(await parquetColumns(bytes, name), name);
  if (/\.(arrow|feather|ipc)$/i.test(name)) return cellsOfTable(tableFromBytes(bytes, name), name);
  throw noReference(name);
}

const isHdf5 = (name: string): boolean => /\.(h5ad|h5mu|h5)$/i.test(name);

async function bytesOf(blob: Blob): Promise<Bytes> {
  const buffer = blob.arrayBuffer().catch((cause: unknown) => {
    throw fileChanged(blob instanceof File ? blob.name : "the file", cause);
  });
  return new Uint8Array(await buffer);
}

/** The reference.json among some paths that is nearest to the top; null for none. */
function nearestTop(paths: readonly string[]): string | null {
  const found = paths.filter((path) => path.split("/").at(-1) === referencePaths.manifest);
  return found.sort((a, b) => a.split("/").length - b.split("/").length)[0] ?? null;
}

function bundle(name: string, open: (path: string) => Promise<Blob | null>): BundleSource {
  return {
    name,
    async read(path) {
      const blob = await open(path);
      if (blob !== null) return bytesOf(blob);
      throw new WorkbookError({
        domain: "table",
        code: "missing",
        fault: `${path} of the reference is not there`,
        place: name,
        remedy: "give all files of the reference: reference.json, vectors.int8 and cells.arrow"
      });
    }
  };
}

function noReference(name: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "not-a-reference",
    fault: `${name} holds no reference: neither reference.json nor embedded cells`,
    remedy:
      "give the folder or zip of a reference, a table with embeddings and labels (.arrow, .parquet), or an h5ad with X_uce"
  });
}
