import {h} from "./dom.js";

/** Hands `parts` to the visitor as a file called `name`. */
export function download(name: string, parts: BlobPart[], options: BlobPropertyBag = {}): void {
  const address = URL.createObjectURL(new Blob(parts, options));
  h("a", {href: address, download: name}).click();
  // A browser may still be reading when the click returns.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
