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
  const control = new FileControl();
  const {root, source} = control;
  const ends = [carryAddress(), keepFocus(), () => source.dispose()];
  const openDemo = () => control.open(async () => ({bytes: await reachable(demo)}), demoName);
  source.addEventListener("cancel", () => control.cancel());
  source.addEventListener("demo", () => void openDemo());
  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    // A file that cannot be read is told of by the worker.
    void control.open(async () => ({bytes: file, identity: await identityOf(file).catch(() => undefined)}), file.name);
  });
  const asked = queryParameter("data");
  if (asked === null) void openDemo();
  else {
    const known = queryParameter("name") ?? "kept.h5ad";
    void control.open(async () => ({bytes: await keptCopy(asked, known), identity: asked}), known);
  }
  // What happens in it is its own affair, but for a new value.
  root.addEventListener("input", (event) => event.target !== root && event.stopImmediatePropagation());
  return extend(root, {
    get value() {
      return control.value;
    },
    dispose() {
      control.stop();
      ends.forEach((end) => end());
    }
  });
}

/** The file that is open, and its card. */
class FileControl {
  readonly source = dataSource({state: "nothing"});
  readonly root: HTMLElement;
  value: OpenFile | undefined;
  readonly #notices = noticeList();
  readonly #offer = keepOffer();
  /** What was found under the choice made of the file. */
  #shown: Inspection | undefined;
  #opening = new AbortController();
  #looking = new AbortController();

  constructor() {
    this.source.append(this.#offer);
    this.root = h("div", {class: "wb-file"}, this.#notices, this.source);
  }

  /** Opens a file in place of the one that is open, which stays where that cannot be. */
  async open(wanted: () => Promise<Wanted>, name: string): Promise<void> {
    this.stop();
    const {signal} = (this.#opening = new AbortController());
    this.#notices.update([]);
    this.source.update({state: "reading", name});
    try {
      const {bytes, identity} = await wanted();
      signal.throwIfAborted();
      const file = await openFile(bytes, {name, identity, attended: true, signal});
      signal.throwIfAborted();
      nameInAddress(file);
      this.#become(await this.#look(file, choiceInAddress(), signal));
    } catch (error) {
      if (signal.aborted) return;
      if (this.value !== undefined) {
        this.#show(this.value, this.#shown ?? this.value.inspection);
        return this.#notices.add(noticeOf(error));
      }
      this.source.update(isAbort(error) ? {state: "nothing"} : {state: "error", name, error});
    }
  }

  cancel(): void {
    this.#opening.abort();
    if (this.value === undefined) this.source.update({state: "nothing"});
    else this.#show(this.value, this.#shown ?? this.value.inspection);
  }

  stop(): void {
    this.#opening.abort();
    this.#looking.abort();
  }

  /** Says of a file what is found under a choice; answers with the file as it is then. Rejects if it is no longer wanted. */
  async #look(file: OpenFile, choice: InspectChoice, signal: AbortSignal): Promise<OpenFile> {
    const found = await chosenFile(file, choice);
    signal.throwIfAborted();
    this.#show(file, found.inspection);
    if (found.fault !== null) this.#notices.add(noticeOf(found.fault));
    return found.file;
  }

  #become(file: OpenFile): void {
    this.value = file;
    onFileChoice(file, (choice) => void this.#follow(file, choice));
    this.root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  async #follow(file: OpenFile, choice: InspectChoice): Promise<void> {
    if (this.value !== file) return;
    this.#looking.abort();
    const {signal} = (this.#looking = new AbortController());
    const next = await this.#look(file, choice, signal).catch(() => file);
    if (signal.aborted || next === file) return;
    setQueryParameter("matrix", choice.matrix ?? null);
    this.#become(next);
  }

  #show(file: OpenFile, inspection: Inspection): void {
    this.#shown = inspection;
    const facts = {...file, inspection};
    this.source.update(openStatus(facts, isDemo(file)));
    this.#notices.update(problemNotices(facts));
    this.#offer.update(isDemo(file) ? null : file);
  }
}

/** What a link has chosen of its file. */
function choiceInAddress(): InspectChoice {
  const repair = queryParameter("repair");
  return {
    matrix: queryParameter("matrix"),
    geneColumn: queryParameter("genes"),
    repair: repair === null ? undefined : repairsFromText(repair)
  };
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
        fault: "the demo could not be fetched from this page's site",
        remedy:
          "check that this machine is online, then press Use the demo again; a file of your own needs no connection"
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
