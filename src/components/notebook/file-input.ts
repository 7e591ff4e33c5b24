import {isAbort, WorkbookError} from "../core/errors.js";
import type {Inspection} from "../core/anndata/inspect.js";
import type {InspectChoice} from "../core/stages/file-facts.js";
import type {OpenFile} from "../core/stages/stage.js";
import {identityOf, keptFile} from "../runtime/browser/kept-files.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";
import {dataSource} from "../views/data-source.js";
import {extend, h} from "../views/dom.js";
import {keepFocus} from "../views/keep-focus.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {openFile, type FileSource} from "./browser.js";
import {carryAddress} from "./carry-address.js";
import {chosenFile, onFileChoice} from "./file-choice.js";
import {keepOffer} from "./keep-offer.js";
import {repairsFromText} from "./repairs-text.js";
import {openStatus, problemNotices} from "./opened-file.js";

/** An input whose value is the open file: undefined until one is open, so that cells that need it wait. */
export type FileInput = HTMLElement & {
  readonly value: OpenFile | undefined;
  /** Stops listening to drops and links. */
  dispose(): void;
};

/** What a FileInput is made with. */
export interface FileInputOptions {
  /** The file that is opened where the address names none: a FileAttachment, a Blob, an address. */
  demo: FileSource;
}

/** What is to be opened, and its identity where that is known. */
interface Wanted {
  bytes: FileSource;
  identity?: string;
}

/** Parameters of an address that mean something for one file only. */
const ofFile = [
  "matrix",
  "genes",
  "repair",
  "cells",
  "quality",
  "color",
  "cell",
  "labels",
  "batches",
  "origin",
  "selection"
];

/**
 * Opens what the page's address names, the demo unless told, and then what a person picks or drops: where it is, with nothing
 * uploaded. Says what is open, what is wrong with it, and offers to keep a copy in this browser. Another file takes the choices that
 * were of the one before from the address. On its page, stages have a Run button (`stageStrip`).
 */
export function fileInput({demo}: FileInputOptions): FileInput {
  const source = dataSource({state: "nothing"});
  const notices = noticeList();
  const offer = keepOffer();
  source.append(offer);
  const root = h("div", {class: "wb-file"}, notices, source);
  const ends = [carryAddress(), keepFocus(), () => source.dispose()];
  let value: OpenFile | undefined;
  /** What was found under the choice made of it. */
  let shown: Inspection | undefined;
  let opening = new AbortController();
  let looking = new AbortController();

  async function open(wanted: () => Promise<Wanted>, name: string): Promise<void> {
    opening.abort();
    looking.abort();
    const {signal} = (opening = new AbortController());
    notices.update([]);
    source.update({state: "reading", name});
    try {
      const {bytes, identity} = await wanted();
      signal.throwIfAborted();
      const file = await openFile(bytes, {name, identity, attended: true, signal});
      signal.throwIfAborted();
      nameInAddress(file);
      const repair = queryParameter("repair");
      const choice = {
        matrix: queryParameter("matrix"),
        geneColumn: queryParameter("genes"),
        repair: repair === null ? undefined : repairsFromText(repair)
      };
      become(await look(file, choice, signal));
    } catch (error) {
      if (signal.aborted) return;
      if (value !== undefined) {
        // What was wanted instead cannot be had: the file before is still open.
        show(value, shown ?? value.inspection);
        return notices.add(noticeOf(error));
      }
      source.update(isAbort(error) ? {state: "nothing"} : {state: "error", name, error});
    }
  }

  /** Says of a file what is found under a choice; answers with the file as it is then. Rejects if it is no longer wanted. */
  async function look(file: OpenFile, choice: InspectChoice, signal: AbortSignal): Promise<OpenFile> {
    const found = await chosenFile(file, choice);
    signal.throwIfAborted();
    show(file, found.inspection);
    if (found.fault !== null) notices.add(noticeOf(found.fault));
    return found.file;
  }

  function become(file: OpenFile): void {
    value = file;
    onFileChoice(file, (choice) => void follow(file, choice));
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  async function follow(file: OpenFile, choice: InspectChoice): Promise<void> {
    if (value !== file) return;
    looking.abort();
    const {signal} = (looking = new AbortController());
    const next = await look(file, choice, signal).catch(() => file);
    if (signal.aborted || next === file) return;
    setQueryParameter("matrix", choice.matrix ?? null);
    become(next);
  }

  function show(file: OpenFile, inspection: Inspection): void {
    shown = inspection;
    const facts = {...file, inspection};
    source.update(openStatus(facts, isDemo(file)));
    notices.update(problemNotices(facts));
    offer.update(isDemo(file) ? null : file);
  }

  function cancel(): void {
    opening.abort();
    if (value === undefined) source.update({state: "nothing"});
    else show(value, shown ?? value.inspection);
  }

  source.addEventListener("cancel", cancel);
  const openDemo = () => open(async () => ({bytes: await reachable(demo)}), demoName);
  source.addEventListener("demo", () => void openDemo());
  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    // A file that cannot be read is told of by the worker.
    void open(async () => ({bytes: file, identity: await identityOf(file).catch(() => undefined)}), file.name);
  });
  const asked = queryParameter("data");
  if (asked === null) void openDemo();
  else {
    const known = queryParameter("name") ?? "kept.h5ad";
    void open(async () => ({bytes: await keptCopy(asked, known), identity: asked}), known);
  }

  // What happens in it is its own affair, but for a new value.
  root.addEventListener("input", (event) => event.target !== root && event.stopImmediatePropagation());
  return extend(root, {
    get value() {
      return value;
    },
    dispose() {
      opening.abort();
      looking.abort();
      ends.forEach((end) => end());
    }
  });
}

const demoName = "demo.h5ad";
const isDemo = ({name}: OpenFile) => name === demoName;

/** Another file takes the choices that were of the one before from the address. */
function nameInAddress(file: OpenFile): void {
  const data = isDemo(file) ? null : file.identity;
  if (data !== queryParameter("data")) ofFile.forEach((parameter) => setQueryParameter(parameter, null));
  setQueryParameter("data", data);
  setQueryParameter("name", data === null ? null : file.name);
}

async function reachable(demo: FileSource): Promise<FileSource> {
  if (typeof demo !== "object" || !("blob" in demo)) return demo;
  return demo.blob().catch((cause: unknown) => {
    throw new WorkbookError(
      {
        domain: "file",
        code: "demo-unreachable",
        fault: "the demo could not be fetched from the site that this page is of",
        remedy:
          "look whether this machine is online, and press Use the demo again; a file of your own needs no connection"
      },
      {cause}
    );
  });
}

async function keptCopy(identity: string, name: string): Promise<Blob> {
  const copy = await keptFile(identity);
  if (copy !== null) return copy;
  throw new WorkbookError({
    domain: "file",
    code: "file-needed",
    fault: `this link refers to ${name}, a file on the computer of whoever made the link`,
    remedy:
      "open the file here, and the page is as it was; with a copy kept in this browser, pages open it by themselves"
  });
}
