import {keepHandle, keptHandles, type FileHandle} from "../../adapters/file-handles.js";
import {isAbort} from "../../core/errors.js";

export type {FileHandle} from "../../adapters/file-handles.js";

type Picker = (options: object) => Promise<FileHandle[]>;
const picker = (): Picker | undefined => (globalThis as {showOpenFilePicker?: Picker}).showOpenFilePicker;

/** True where the browser can remember where a file lies. */
export const canRemember = (): boolean => picker() !== undefined;

/** Lets the visitor show the browser where a file lies; null if the dialog was left. Rejects where the browser refuses the dialog. */
export async function choosePlace(): Promise<FileHandle | null> {
  try {
    const [handle] = await picker()!({
      types: [{description: "AnnData", accept: {"application/x-hdf5": [".h5ad", ".h5", ".hdf5"]}}]
    });
    return handle;
  } catch (error) {
    if (isAbort(error)) return null;
    throw error;
  }
}

/** Remembers where a file lies, so that other pages read it there. Rejects where the browser's database may not be used. */
export const keepPlace = (identity: string, handle: FileHandle): Promise<void> => keepHandle(identity, handle);

/** Where a file lies that the browser remembers the place of; null if it does not. */
export async function keptPlace(identity: string): Promise<FileHandle | null> {
  return (await keptHandles()).find((kept) => kept.identity === identity)?.handle ?? null;
}

/**
 * Whether this page may read the file at a place. A browser that asks first does so only if `asking`, which a click must have begun; without,
 * the answer is false then.
 */
export async function mayRead(handle: FileHandle, {asking = false}: {asking?: boolean} = {}): Promise<boolean> {
  const mode = {mode: "read"} as const;
  if ((await handle.queryPermission(mode)) === "granted") return true;
  return asking && (await handle.requestPermission(mode)) === "granted";
}
