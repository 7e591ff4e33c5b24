import type {PickedPart} from "./packed-file.js";

/** The files of a dropped entry, and of a folder all that are below it. Rejects where the browser does not give one. */
export async function filesOfEntry(entry: FileSystemEntry): Promise<PickedPart[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{path, file}];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PickedPart[] = [];
  // A browser gives a folder in parts of a hundred, an empty one last.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return found;
    found.push(...(await Promise.all(part.map(filesOfEntry))).flat());
  }
}
