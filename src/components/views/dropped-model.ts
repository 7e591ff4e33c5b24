import {filesOfEntry} from "./entry-files.js";
import type {PickedPart} from "./packed-file.js";

/** All files of a drop, those in folders as well. To be called while the drop is heard. Rejects where the browser does not give one. */
export async function droppedFiles(transfer: DataTransfer): Promise<PickedPart[]> {
  const entries = [...transfer.items].map((item) => ({
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile()
  }));
  const found = await Promise.all(
    entries.map(({entry, file}) => {
      if (entry !== null) return filesOfEntry(entry);
      return file === null ? [] : [{path: file.name, file}];
    })
  );
  return found.flat();
}
