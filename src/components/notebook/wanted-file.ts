import {WorkbookError} from "../core/errors.js";
import {holdCopy, identityOf, keptFile} from "../runtime/browser/kept-files.js";
import {keptSession} from "../runtime/browser/kept-sessions.js";
import {keptPlace, mayRead, type FileHandle} from "../runtime/browser/file-places.js";
import {siteFile} from "../runtime/browser/site-file.js";
import {visitFile, type VisitFile} from "../runtime/browser/visit-mark.js";
import {queryParameter} from "../views/address-query.js";

/** Where the bytes of an open file come from: the site, the visitor's choice on this page, a copy or a place that the browser kept, a host, a saved session in their stead. */
export type FileOrigin = "site" | "given" | "copy" | "place" | "host" | "session";

/** The bytes of a file of the visitor's. */
export interface FoundFile {
  bytes: File;
  origin: FileOrigin;
  place: FileHandle | null;
}

/**
 * The file that this page is to show: the one that its address names; of an address without a query, the one that was opened last in this
 * tab. Null for the demo, and for a file that is read by its address.
 */
export function wantedFile(): VisitFile | null {
  const identity = queryParameter("data");
  if (identity === "demo" || queryParameter("address") !== null) return null;
  if (identity !== null) return {identity, name: queryParameter("name") ?? "kept.h5ad"};
  return location.search === "" ? visitFile() : null;
}

/**
 * Finds a file of the visitor's in this browser: its copy, which is held until the signal is aborted, or its place; or the file of this name that
 * the site brings, where the address says so (`from=site`, a report with `--live`). The browser may ask the
 * visitor before it reads the place, if `asking`, which a click must have begun. Rejects with the WorkbookError "file-needed" if the file has to
 * be chosen, or "file-permission" if a click opens it.
 */
export async function findFile(
  wanted: VisitFile,
  {signal, asking = false}: {signal: AbortSignal; asking?: boolean}
): Promise<FoundFile> {
  const {identity, name} = wanted;
  const copy = await keptFile(identity);
  if (copy !== null) {
    holdCopy(identity, signal);
    return {bytes: copy, origin: "copy", place: null};
  }
  const place = await keptPlace(identity);
  const own = place === null && queryParameter("from") === "site" ? await siteFile(name) : null;
  if (own !== null && (await identityOf(own).catch(() => null)) === identity)
    return {bytes: own, origin: "given", place: null};
  const session = place === null ? await keptSession(identity) : null;
  if (session !== null) return {bytes: session, origin: "session", place: null};
  if (place === null) throw fileNeeded(wanted);
  if (!(await mayRead(place, {asking}))) throw permissionNeeded(name);
  const bytes = await place.getFile().catch(() => null);
  if (bytes === null) throw goneFrom(name, "is no longer where this browser remembers it");
  const now = await identityOf(bytes).catch(() => null);
  if (now !== identity) throw goneFrom(name, "has changed since it was opened");
  return {bytes, origin: "place", place};
}

/** That the copy which a page read was removed: "file-needed". */
export const copyRemoved = (name: string): WorkbookError =>
  new WorkbookError({
    domain: "file",
    code: "file-needed",
    fault: `the copy of ${name} was removed, and this page read it from there`,
    remedy: "open the file again to go on; what is on the page stays"
  });

/** That a file has to be chosen. */
function fileNeeded({identity, name}: VisitFile): WorkbookError {
  const isOurs = visitFile()?.identity === identity;
  return new WorkbookError({
    domain: "file",
    code: "file-needed",
    fault: isOurs
      ? `this browser keeps no copy of ${name}, so this page does not have it`
      : `this link refers to ${name}, a file on the computer of whoever made the link`,
    remedy: "open the file here, and the page is as it was"
  });
}

const permissionNeeded = (name: string) =>
  new WorkbookError({
    domain: "file",
    code: "file-permission",
    fault: `this browser remembers where ${name} is, and asks before it reads it again`,
    remedy: `press Open ${name}`
  });

const goneFrom = (name: string, why: string) =>
  new WorkbookError({
    domain: "file",
    code: "file-needed",
    fault: `${name} ${why}`,
    remedy: "open the file that you want here"
  });
