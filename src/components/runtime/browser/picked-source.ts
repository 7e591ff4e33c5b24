import {isArchiveName, type CheckpointSource} from "../../core/convert/checkpoint-source.js";
import {WorkbookError} from "../../core/errors.js";

/** A file of the visitor's and its path within what was picked or dropped ("folder/config.json"). */
export interface PickedFile {
  path: string;
  file: File;
}

/** Files that say where a model's folder is, among picked ones. */
const marks = ["config.json", "manifest.json"];

/**
 * A checkpoint or bundle among files that were picked or dropped: the folder of config.json or manifest.json, the one nearest to the top, or of a file of
 * torch.save where neither is there. A file
 * is identified by its size and time of change. Throws a WorkbookError "missing" where neither is there.
 */
export function pickedSource(picked: readonly PickedFile[]): CheckpointSource {
  const highest = (isMark: (name: string) => boolean): PickedFile | undefined =>
    picked
      .filter(({path}) => isMark(baseOf(path)))
      .sort((a, b) => a.path.split("/").length - b.path.split("/").length)[0];
  const mark = highest((name) => marks.includes(name)) ?? highest(isArchiveName);
  if (mark === undefined) throw noModel(picked);
  const folder = mark.path.slice(0, -baseOf(mark.path).length);
  const files = new Map(
    picked.filter(({path}) => path.startsWith(folder)).map(({path, file}) => [path.slice(folder.length), file])
  );
  const bytesOf = (file: Blob, path: string) =>
    file.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      (cause: unknown) => {
        throw changed(path, cause);
      }
    );
  return {
    name: folder.split("/").at(-2) ?? (files.size === 1 ? mark.path.replace(/\.\w+$/, "") : "files from this disk"),
    address: "",
    revision: () => "",
    list: async () => [...files.keys()].filter((path) => !path.includes("/")),
    read: async (path) => {
      const file = files.get(path);
      return file === undefined ? null : bytesOf(file, path);
    },
    open: async (path) => {
      const file = files.get(path);
      if (file === undefined) return null;
      return {
        name: path,
        byteLength: file.size,
        version: `${file.lastModified}-${file.size}`,
        slice: (start, end) => bytesOf(file.slice(start, end), path)
      };
    }
  };
}

const baseOf = (path: string): string => path.split("/").at(-1)!;

function noModel(picked: readonly PickedFile[]): WorkbookError {
  const names = picked.slice(0, 3).map(({path}) => path);
  return new WorkbookError({
    domain: "checkpoint",
    code: "missing",
    fault: `there is no config.json, manifest.json or .torch file among ${picked.length === 0 ? "no files" : names.join(", ")}${picked.length > 3 ? ` and ${picked.length - 3} more` : ""}`,
    remedy:
      "give the folder of a checkpoint (config.json, model.safetensors), the .torch file of the original UCE, or the folder of a converted model (manifest.json)"
  });
}

function changed(path: string, cause: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "checkpoint",
      code: "file-changed",
      fault: `${path} cannot be read any more`,
      remedy: "the file was changed or moved since it was picked: pick it again"
    },
    {cause}
  );
}
