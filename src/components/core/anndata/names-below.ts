import {orFault} from "./part-fault.js";
import type {H5Reader} from "./h5-reader.js";

/** Groups in groups that a name's slashes can make; a circle of links ends here. */
const deepest = 8;

/**
 * Names of the elements in the group at `place`, in the file's order. A name with a slash in it ("counts/raw") stands as a group
 * in a group: a group that is not itself an element, as `isElement` says, is gone through. Empty where no group stands there.
 */
export function namesBelow(
  reader: H5Reader,
  place: string,
  isElement: (reader: H5Reader, place: string, keys: string[]) => boolean
): string[] {
  const visit = (at: string, prefix: string, depth: number): string[] => {
    const node = reader.node(at);
    return (node?.kind === "group" ? node.keys : []).flatMap((key) => {
      const name = `${prefix}${key}`;
      const child = orFault(() => reader.node(`${at}/${key}`), null);
      if (child?.kind !== "group" || depth === deepest || isElement(reader, `${at}/${key}`, child.keys)) return [name];
      return visit(`${at}/${key}`, `${name}/`, depth + 1);
    });
  };
  return visit(place, "", 1);
}
