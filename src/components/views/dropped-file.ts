import {WorkbookError} from "../core/errors.js";
import {filesOfEntry} from "./entry-files.js";
import {isMatrixMarket, packedFile} from "./packed-file.js";

/** What was dropped, as far as a browser tells: a file or a folder each. */
export interface DroppedItem {
  name: string;
  isFolder: boolean;
}

/** A file that holds a sample by itself. */
const oneSample = /\.(h5ad|h5mu|h5|hdf5)$/i;

/**
 * Which of the dropped (or picked) items are meant: the only one, the only .h5ad among several files, the only file beside folders, several files of one sample each, which are
 * read as one data set, or the files of one matrix in Matrix Market form together. Throws a WorkbookError of domain "file" ("nothing-dropped", "several-folders", "several-files") that says what to drop instead.
 */
export function chooseDropped(items: readonly DroppedItem[]): number[] {
  if (items.length === 0) {
    throw new WorkbookError({
      domain: "file",
      code: "nothing-dropped",
      fault: "what was dropped holds no file",
      remedy: "drop a file or folder of counts, not a link or a text"
    });
  }
  if (items.length === 1) return [0];
  const files = items.flatMap(({isFolder}, i) => (isFolder ? [] : [i]));
  if (files.length === 0) throw several("several-folders", `${items.length} folders were dropped`, items);
  if (files.length === 1) return files;
  const h5ad = files.filter((i) => /\.h5ad$/i.test(items[i].name));
  if (h5ad.length === 1) return h5ad;
  if (files.every((i) => oneSample.test(items[i].name))) return files;
  if (files.filter((i) => isMatrixMarket(items[i].name)).length === 1) return files;
  const given = files.map((i) => items[i]);
  throw several("several-files", `${files.length} files were dropped`, given);
}

function several(code: string, what: string, items: readonly DroppedItem[]): WorkbookError {
  const names = items.slice(0, 3).map(({name}) => name);
  return new WorkbookError({
    domain: "file",
    code,
    fault: `${what} (${names.join(", ")}${items.length > 3 ? ", …" : ""})`,
    remedy:
      "drop one file or folder at a time, several h5ad files, or the matrix, barcodes and features of one output together"
  });
}

/** What was picked or dropped. */
export interface GivenFile {
  name: string;
  /** The file; of a folder, or of several files that are one source, one that holds them all, once they are found. */
  file: File | Promise<File>;
  /** Where it lies, for a browser that can remember it; null if it cannot, or does not tell. */
  place: Promise<FileSystemHandle | null>;
}

const nowhere = Promise.resolve(null);

/** What is meant by a drop; null if the browser does not give it. To be called while the drop is heard. Throws as `chooseDropped` does. */
export function givenByDrop(transfer: DataTransfer): GivenFile | null {
  const dropped = [...transfer.items]
    .filter(({kind}) => kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry?.() ?? null;
      const file = item.getAsFile();
      const isFolder = entry?.isDirectory ?? false;
      return {name: entry?.name ?? file?.name ?? "", isFolder, file, entry, place: placeOf(item)};
    });
  const [first, ...others] = chooseDropped(dropped).map((i) => dropped[i]);
  if (first.isFolder) {
    const file = filesOfEntry(first.entry!).then(packedFile, (cause: unknown) => {
      throw notGiven(first.name, cause);
    });
    file.catch(() => {});
    return {name: first.name, file, place: nowhere};
  }
  if (others.length === 0) return first.file === null ? null : {...first, file: first.file};
  return together([first, ...others].flatMap(({file}) => file ?? []));
}

/** What is meant by files that were picked, perhaps a folder's. Throws as `chooseDropped` does. */
export function givenByPick(files: readonly File[]): GivenFile {
  if (files.some(({webkitRelativePath}) => webkitRelativePath !== "")) return together(files);
  const chosen = chooseDropped(files.map(({name}) => ({name, isFolder: false}))).map((i) => files[i]);
  return chosen.length === 1 ? {name: chosen[0].name, file: chosen[0], place: nowhere} : together(chosen);
}

function together(files: readonly File[]): GivenFile {
  const paths = uniquePaths(files.map((file) => file.webkitRelativePath || file.name));
  const file = packedFile(files.map((file, i) => ({path: paths[i], file})));
  return {name: file.name, file, place: nowhere};
}

/** Two files of one name are told apart by a number. */
function uniquePaths(paths: readonly string[]): string[] {
  const times = new Map<string, number>();
  return paths.map((path) => {
    const time = (times.get(path) ?? 0) + 1;
    times.set(path, time);
    return time === 1 ? path : path.replace(/(\.[^./]*)?$/, ` (${time})$1`);
  });
}

function notGiven(name: string, cause: unknown): WorkbookError {
  const fault = `the browser does not give the files of ${name}`;
  const remedy = "close what writes to it and drop it again, or pack it into a zip and drop that";
  return new WorkbookError({domain: "file", code: "unreadable", fault, remedy}, {cause});
}

/** Where a dropped file lies. */
function placeOf(item: DataTransferItem): Promise<FileSystemHandle | null> {
  const {getAsFileSystemHandle: ask} = item as {getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>};
  return ask === undefined ? Promise.resolve(null) : ask.call(item).catch(() => null);
}
