/** A file and its path within what was picked or dropped ("folder/config.json"). */
export interface GivenModelFile {
  path: string;
  file: File;
}

/** All files of a drop, those in folders as well. To be called while the drop is heard. Rejects where the browser does not give one. */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenModelFile[]> {
  const entries = [...transfer.items].map((item) => ({
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile()
  }));
  const found = await Promise.all(
    entries.map(({entry, file}) => {
      if (entry !== null) return filesBelow(entry);
      return file === null ? [] : [{path: file.name, file}];
    })
  );
  return found.flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<GivenModelFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{path, file}];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: GivenModelFile[] = [];
  // A browser gives a folder in parts of a hundred, an empty one last.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return found;
    for (const next of part) found.push(...(await filesBelow(next)));
  }
}
