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
