import {WorkbookError} from "../errors.js";

/** True for an address of a host, false for a path. */
export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** The address of a file of cells, without what follows "#". Throws a WorkbookError of domain "usage" for one that is none. */
export function dataAddress(text: string): URL {
  try {
    const address = new URL(text.trim());
    address.hash = "";
    const isPlain = address.username === "" && address.password === "";
    if (isPlain && (address.protocol === "https:" || address.protocol === "http:")) return address;
  } catch {
    // Said below.
  }
  throw new WorkbookError({
    domain: "usage",
    code: "bad-address",
    fault: `"${text}" is no http or https address of a file`,
    remedy: "give the whole address of a file, without user name (https://example.org/cells.h5ad)"
  });
}

/** Name of the file at an address: the last part of its path, or its host where there is none. */
export function nameOfAddress({pathname, host}: URL): string {
  const last = pathname.split("/").findLast((part) => part !== "");
  if (last === undefined) return host;
  try {
    return decodeURIComponent(last).replaceAll("/", "_");
  } catch {
    return last;
  }
}
