import {openOpfs} from "../../adapters/opfs.js";
import {sha256} from "../../core/sha256.js";

const folder = "selections";
/** Selections of this page, where the browser keeps nothing. */
const here = new Map<string, string>();

/** Keeps the text of a selection in this browser; answers with the mark by which it is found again (16 hex digits). */
export async function keepSelection(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const mark = (await sha256(bytes)).slice(0, 16);
  here.set(mark, text);
  await openOpfs()
    .then((objects) => objects.write(`${folder}/${mark}`, bytes))
    .catch(() => {});
  return mark;
}

/** The text of a selection that this browser keeps; null if it keeps none of that mark. */
export async function keptSelection(mark: string): Promise<string | null> {
  if (!/^[0-9a-f]{16}$/.test(mark)) return null;
  const known = here.get(mark);
  if (known !== undefined) return known;
  const bytes = await openOpfs()
    .then((objects) => objects.read(`${folder}/${mark}`))
    .catch(() => null);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

const namedHere = new Map<string, string>();
const ofFile = (identity: string): string => `${folder}/of-${identity}`;

/** Keeps the text of a file's named selections in this browser, where it can; empty: none are kept any more. */
export async function keepNamed(identity: string, text: string): Promise<void> {
  namedHere.set(identity, text);
  await openOpfs()
    .then((objects) =>
      text === "" ? objects.remove(ofFile(identity)) : objects.write(ofFile(identity), new TextEncoder().encode(text))
    )
    .catch(() => {});
}

/** The text of a file's named selections that this browser keeps; empty for none. */
export async function keptNamed(identity: string): Promise<string> {
  const known = namedHere.get(identity);
  if (known !== undefined) return known;
  const bytes = await openOpfs()
    .then((objects) => objects.read(ofFile(identity)))
    .catch(() => null);
  return bytes === null ? "" : new TextDecoder().decode(bytes);
}

/** Kept selections, of files and of links, and their bytes. Rejects where the browser keeps nothing. */
export async function keptSelectionsUse(): Promise<{selections: number; bytes: number}> {
  const found = await (await openOpfs()).list(folder);
  return {selections: found.length, bytes: found.reduce((sum, {bytes}) => sum + bytes, 0)};
}

/** Removes all kept selections. Rejects with a WorkbookError of domain "storage". */
export async function clearSelections(): Promise<void> {
  const objects = await openOpfs();
  for (const {name} of await objects.list(folder)) await objects.remove(name);
  here.clear();
  namedHere.clear();
}
