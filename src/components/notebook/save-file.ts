import {download} from "../views/download.js";

/** Bytes from which a person is asked for a place, where the browser can: what is written there passes through no memory. */
export const askedFrom = 100_000_000;

/** What lib.dom lacks of the File System Access API. */
interface PlacePicker {
  showSaveFilePicker(options: {suggestedName: string}): Promise<FileSystemFileHandle>;
}

/** Where a file is to be saved: a place that a person chose, or null for the browser's downloads. */
export type SavePlace = FileSystemFileHandle | null;

/**
 * Asks where a file of about `bytes` is to be saved, if it is large and the browser can write to a place; to be called within a click. Rejects with an
 * AbortError if the person gives up.
 */
export async function choosePlace(name: string, bytes: number): Promise<SavePlace> {
  if (bytes < askedFrom || !("showSaveFilePicker" in window)) return null;
  return (window as unknown as PlacePicker).showSaveFilePicker({suggestedName: name});
}

/** Saves a file at its place, piece by piece, or hands it to the browser's downloads. Rejects as the place does; a file that was begun is not kept then. */
export async function saveFile(place: SavePlace, name: string, blob: Blob, signal?: AbortSignal): Promise<void> {
  if (place === null) return download(name, [blob]);
  await blob.stream().pipeTo(await place.createWritable(), {signal});
}
