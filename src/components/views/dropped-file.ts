import {WorkbookError} from "../core/errors.js";

/** What was dropped, as far as a browser tells: a file or a folder each. */
export interface DroppedItem {
  name: string;
  isFolder: boolean;
}

/**
 * Which one of the dropped items is meant: the only file, or the only .h5ad among several files. Throws a WorkbookError of
 * domain "file" ("nothing-dropped", "folder-dropped", "several-files") that says what to drop instead.
 */
export function chooseDropped(items: readonly DroppedItem[]): number {
  const [first] = items;
  if (first === undefined) {
    throw new WorkbookError({
      domain: "file",
      code: "nothing-dropped",
      fault: "what was dropped holds no file",
      remedy: "drop an h5ad file from a folder, not a link or a text"
    });
  }
  const files = items.flatMap(({isFolder}, i) => (isFolder ? [] : [i]));
  if (files.length === 0) {
    const zarr = /\.zarr\/?$/i.test(first.name);
    throw new WorkbookError({
      domain: "file",
      code: "folder-dropped",
      fault: `"${first.name}" is a folder${zarr ? " (a zarr store)" : ""}`,
      remedy: zarr
        ? "write it as one h5ad file (anndata.read_zarr, then write_h5ad) and drop that"
        : "open it and drop one h5ad file"
    });
  }
  if (files.length === 1) return files[0];
  const h5ad = files.filter((i) => /\.h5ad$/i.test(items[i].name));
  if (h5ad.length === 1) return h5ad[0];
  const names = files
    .slice(0, 3)
    .map((i) => items[i].name)
    .join(", ");
  throw new WorkbookError({
    domain: "file",
    code: "several-files",
    fault: `${files.length} files were dropped (${names}${files.length > 3 ? ", …" : ""})`,
    remedy: "drop one h5ad file at a time"
  });
}

/** A file that was picked or dropped. */
export interface GivenFile {
  file: File;
  /** Where it lies, for a browser that can remember it; null if it cannot, or does not tell. */
  place: Promise<FileSystemHandle | null>;
}

/** The file that is meant by a drop; null if the browser does not give it. To be called while the drop is heard. Throws as `chooseDropped` does. */
export function givenByDrop(transfer: DataTransfer): GivenFile | null {
  const dropped = [...transfer.items]
    .filter(({kind}) => kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry?.() ?? null;
      const file = item.getAsFile();
      return {name: entry?.name ?? file?.name ?? "", isFolder: entry?.isDirectory ?? false, file, place: placeOf(item)};
    });
  const {file, place} = dropped[chooseDropped(dropped)];
  return file === null ? null : {file, place};
}

/** Where a dropped file lies. */
function placeOf(item: DataTransferItem): Promise<FileSystemHandle | null> {
  const {getAsFileSystemHandle: ask} = item as {getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>};
  return ask === undefined ? Promise.resolve(null) : ask.call(item).catch(() => null);
}
