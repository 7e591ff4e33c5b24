import {readSession, isSessionFile} from "../core/session/read-session.js";
import type {Session} from "../core/session/session.js";
import {mergeSelections} from "../core/selections/merge-selections.js";
import {selectionsFromText, selectionsToText} from "../core/selections/selections-text.js";
import type {OpenFile} from "../core/stages/stage.js";
import {identityOf, keptFile} from "../runtime/browser/kept-files.js";
import {keepNamed, keptNamed} from "../runtime/browser/kept-selections.js";
import {keepSession} from "../runtime/browser/kept-sessions.js";
import {formatInteger} from "../views/format.js";
import type {Notice} from "../views/notice-list.js";
import {blobOf, isByAddress, model, sessionOf, type FileSource} from "./browser.js";
import {textOf} from "./link-selection.js";

/** Where the data of a session are, or the session itself where they are nowhere at hand. */
export interface SessionSource {
  bytes: FileSource;
  name: string;
  identity: string;
  origin: "given" | "site" | "copy" | "session";
  place: null;
}

/** True if a file that was picked or dropped is to be read as a session. Rejects if it cannot be read. */
export async function isSessionBlob(file: File): Promise<boolean> {
  return isSessionFile(file.name, new Uint8Array(await file.slice(0, 8).arrayBuffer()));
}

/**
 * Takes a session: its choices go into the page's address, and so into the inputs that are bound to it. Resolves to the file that it is of, if that is
 * open (`open`), kept in this browser, or the demo; else to the session. Rejects with the WorkbookErrors of `readSession`, and nothing is changed then.
 */
export async function takeSession(bytes: File, open: OpenFile | undefined, demo: FileSource): Promise<SessionSource> {
  const session = await readSession(new Uint8Array(await bytes.arrayBuffer()), bytes.name);
  const {identity, name} = session.file;
  const source = await dataOf(session, open, demo);
  await keepSession(identity, bytes);
  await keepNamed(identity, await withSelections(session));
  await writeAddress(session, source?.origin === "site");
  return {bytes: source?.bytes ?? bytes, origin: source?.origin ?? "session", name, identity, place: null};
}

async function dataOf(
  {file: {identity}}: Session,
  open: OpenFile | undefined,
  demo: FileSource
): Promise<Pick<SessionSource, "bytes" | "origin"> | null> {
  const fromSite = await siteBlob(demo);
  if (fromSite !== null && (await identityOf(fromSite)) === identity) return {bytes: fromSite, origin: "site"};
  if (open?.identity === identity && sessionOf(open) === undefined && !isByAddress(open))
    return {bytes: blobOf(open), origin: "given"};
  const kept = await keptFile(identity).catch(() => null);
  return kept === null ? null : {bytes: kept, origin: "copy"};
}

async function siteBlob(demo: FileSource): Promise<Blob | null> {
  if (demo instanceof Blob) return demo;
  return typeof demo === "object" && "blob" in demo ? demo.blob().catch(() => null) : null;
}

/** Named selections of the session beside those that this browser keeps of the file. */
async function withSelections({file: {identity, cellIds}, selections}: Session): Promise<string> {
  const here = selectionsFromText(await keptNamed(identity), cellIds.length);
  return selectionsToText(mergeSelections(here, selections));
}

/** The session's choices as the page's address; inputs follow as after a step in the history. */
async function writeAddress({page, file, selected}: Session, isDemo: boolean): Promise<void> {
  const query = new URLSearchParams(page.query);
  query.delete("name");
  query.delete("selection");
  query.delete("selections");
  const selection = await textOf(selected);
  if (selection !== null) query.set("selection", selection);
  query.set("data", isDemo ? "demo" : file.identity);
  if (!isDemo) query.set("name", file.name);
  history.replaceState(history.state, "", `${location.pathname}?${query.toString()}`);
  dispatchEvent(new PopStateEvent("popstate"));
}

/**
 * What is to be said of a file that is opened after `before`: that it is not the file of a session that was open, or that another model made a session
 * than `chosen`, which the page computes with. Never rejects.
 */
export async function sessionNotices(
  before: OpenFile | undefined,
  file: OpenFile,
  chosen: string | null
): Promise<Notice[]> {
  return [notOfSession(before, file), await otherModel(file, chosen)].filter((notice) => notice !== null);
}

/** Where a file is opened after a session of another file of that name. */
function notOfSession(before: OpenFile | undefined, file: OpenFile): Notice | null {
  if (before === undefined || sessionOf(before) === undefined || before.name !== file.name) return null;
  if (before.identity === file.identity) return null;
  const facts = ({bytes, identity}: OpenFile) => `${formatInteger(bytes)} bytes, identity ${identity.slice(-12)}`;
  return {
    severity: "warning",
    code: "other-than-session",
    message: `this ${file.name} (${facts(file)}) is not the file of the session (${facts(before)})`,
    remedy: "open the file that was embedded, or the session again; what is shown now is of this file"
  };
}

/** Of a session that another model made. */
async function otherModel(file: OpenFile, chosen: string | null): Promise<Notice | null> {
  const made = sessionOf(file)?.model;
  const here = made === undefined ? null : await model(chosen).catch(() => null);
  if (made === undefined || here === null || made.hash === here.hash) return null;
  return {
    severity: "warning",
    code: "session-of-other-model",
    message: `this session was made with the model ${made.name} (${made.hash.slice(0, 12)}), and this page has ${here.name} (${here.hash.slice(0, 12)})`,
    remedy: "add that model under Model before you compute more, or the results will not belong together"
  };
}
