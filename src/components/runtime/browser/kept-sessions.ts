import {copyToOpfs, oldestInOpfs, openOpfs, openOpfsFile} from "../../adapters/opfs.js";

const folder = "sessions";
/** Sessions that are kept, so that a reload and the other pages find them; the oldest go first. */
const most = 8;

/** Keeps a session of the file of that identity in this browser, as well as it can. */
export async function keepSession(identity: string, bytes: Blob): Promise<void> {
  try {
    await copyToOpfs(`${folder}/${identity}`, bytes);
    const objects = await openOpfs();
    for (const {name} of (await oldestInOpfs(folder)).slice(0, -most)) await objects.remove(name);
  } catch {
    // Where nothing is kept, a session lasts until the page is left.
  }
}

/** The session of the file of that identity that was opened here last; null if none is kept. */
export function keptSession(identity: string): Promise<File | null> {
  return openOpfsFile(`${folder}/${identity}`);
}
