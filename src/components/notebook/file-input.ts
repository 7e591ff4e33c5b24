import {isAbort, isWorkbookError, WorkbookError} from "../core/errors.js";
import type {Inspection} from "../core/anndata/inspect.js";
import type {OpenFile} from "../core/stages/stage.js";
import type {FileHandle} from "../runtime/browser/file-places.js";
import {identityOf, keptFile} from "../runtime/browser/kept-files.js";
import {markVisit, type VisitFile} from "../runtime/browser/visit-mark.js";
import {addressOpening, type AddressToOpen} from "../views/address-opening.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";
import {dataSource} from "../views/data-source.js";
import {extend, h} from "../views/dom.js";
import type {GivenFile} from "../views/dropped-file.js";
import {keepFocus} from "../views/keep-focus.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {openFile, sessionOf, type FileSource} from "./browser.js";
import {addressToOpen, isAgreed, noteAgreed} from "./agreed-addresses.js";
import {carryAddress} from "./carry-address.js";
import {askedByLink, choiceInAddress, nameAddress, nameDemo, nameFile} from "./file-address.js";
import {chosenFile, onFileChoice, type InspectChoice} from "./file-choice.js";
import {keepOffer} from "./keep-offer.js";
import {howFar, joinedWords, openStatus, problemNotices} from "./opened-file.js";
import {isSessionBlob, sessionNotices, takeSession} from "./session-input.js";
import {noteToldOfFile} from "./told-of-file.js";
import {copyRemoved, findFile, wantedFile, type FileOrigin} from "./wanted-file.js";

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

/** What is to be opened, and what is known of it. */
interface Wanted {
  bytes: FileSource;
  /** Its name, where that is another than was asked for. */
  name?: string;
  identity?: string;
  origin: FileOrigin;
  place: FileHandle | null;
}

/**
 * Opens what the page's address names, else what was opened last in this tab, else the demo; and then what a person picks or drops: where it
 * is, with nothing uploaded. Says what is open, what is wrong with it, and what the other pages have of it (`keepOffer`). Another file takes
 * the choices that were of the one before from the address. On its page, stages have a Run button (`stageStrip`).
 */
export function fileInput({demo}: FileInputOptions): FileInput {
  const control = new FileControl(demo);
  const {root, source} = control;
  const ends = [carryAddress(), keepFocus(), () => source.dispose()];
  source.addEventListener("cancel", () => control.cancel());
  source.addEventListener("demo", () => void control.openDemo({asked: true}));
  source.addEventListener("again", () => void control.openWanted({asking: true}));
  const {byAddress} = control;
  byAddress.addEventListener("address", (event) => control.askAddress((event as CustomEvent<string>).detail));
  byAddress.addEventListener("agree", (event) => control.agree((event as CustomEvent<AddressToOpen>).detail));
  byAddress.addEventListener("refuse", () => byAddress.ask(null));
  source.addEventListener("open", (event) => void control.openGiven((event as CustomEvent<GivenFile>).detail));
  // A page that the browser kept as it was left may have been passed by.
  const shown = ({persisted}: PageTransitionEvent): void => {
    if (persisted && wantedFile()?.identity !== control.visitor?.identity) void control.openWanted();
  };
  addEventListener("pageshow", shown);
  ends.push(() => removeEventListener("pageshow", shown));
  void control.openWanted();
  // What happens in it is its own affair, but for a new value.
  root.addEventListener("input", (event) => event.target !== root && event.stopImmediatePropagation());
  return extend(root, {
    get value() {
      return control.value;
    },
    dispose() {
      control.dispose();
      ends.forEach((end) => end());
    }
  });
}

/** The file that is open, and its card. */
class FileControl {
  readonly source = dataSource({state: "nothing"});
  readonly byAddress = addressOpening();
  readonly root: HTMLElement;
  value: OpenFile | undefined;
  /** The file of the visitor's that is open; null for the demo, or none. */
  visitor: VisitFile | null = null;
  #origin: FileOrigin = "site";
  /** What the card says beside the numbers of the file that is open. */
  #detail: string | undefined;
  readonly #demo: FileSource;
  readonly #notices = noticeList();
  readonly #ended = new AbortController();
  readonly #offer = keepOffer(this.#ended);
  /** What was found under the choice made of the file. */
  #shown: Inspection | undefined;
  #opening = new AbortController();
  #looking = new AbortController();
  /** Aborted when another file is open: the copy that this one is read from is needed no more. */
  #reading = new AbortController();

  constructor(demo: FileSource) {
    this.#demo = demo;
    this.source.append(this.#offer, this.byAddress);
    this.source.querySelector(".wb-data-actions")!.append(this.byAddress.opener);
    this.root = h("div", {class: "wb-file"}, this.#notices, this.source);
    document.addEventListener("workbook-storage", () => void this.#lookForCopy(), this.#ended);
  }

  /** Opens the demo; `asked` if a person did, so that the address names it. */
  async openDemo({asked = false}: {asked?: boolean} = {}): Promise<void> {
    const wanted = async (): Promise<Wanted> => ({bytes: await reachable(this.#demo), origin: "site", place: null});
    await this.#open(wanted, demoName, () => nameDemo(asked));
  }

  /** Opens a file that was picked or dropped. */
  async openGiven({name, file, place}: GivenFile): Promise<void> {
    let isDemo = false;
    const wanted = async (): Promise<Wanted> => {
      const bytes = await file;
      // A file that cannot be read is told of by the worker.
      if (await isSessionBlob(bytes).catch(() => false)) {
        const source = await takeSession(bytes, this.value, this.#demo);
        isDemo = source.origin === "site";
        return source;
      }
      const identity = await identityOf(bytes).catch(() => undefined);
      return {bytes, identity, origin: "given", place: (await place) as FileHandle | null};
    };
    await this.#open(wanted, name, (opened) => (isDemo ? nameDemo(true) : nameFile(opened)));
  }

  /** Opens what the address names, else what was opened last in this tab, else the demo. */
  async openWanted({asking = false}: {asking?: boolean} = {}): Promise<void> {
    const address = queryParameter("address");
    if (address !== null) return this.askAddress(address, {ofLink: true});
    const asked = wantedFile();
    if (asked === null) return this.openDemo({asked: queryParameter("data") !== null});
    const reading = new AbortController();
    const wanted = async (): Promise<Wanted> => ({
      ...(await findFile(asked, {signal: reading.signal, asking})),
      identity: asked.identity
    });
    await this.#open(wanted, asked.name, nameFile, {reading});
  }

  /** Asks before a file is read by its address, unless a person agreed in this tab; says what is wrong with the address. */
  askAddress(text: string, {ofLink = false}: {ofLink?: boolean} = {}): void {
    try {
      const file = addressToOpen(text, location.protocol === "https:");
      if (isAgreed(file.address)) return this.agree(file);
      this.byAddress.ask(file);
      if (ofLink) this.source.update({state: "error", name: file.name, error: askedByLink(file)});
    } catch (error) {
      this.byAddress.ask(null);
      if (this.value === undefined) this.source.update({state: "error", name: text, error});
      else this.#notices.update([noticeOf(error)]);
    }
  }

  /** Opens a file by its address, which a person agreed to. */
  agree({address, host, name}: AddressToOpen): void {
    noteAgreed(address);
    this.byAddress.ask(null);
    const wanted = async (): Promise<Wanted> => ({bytes: new URL(address), origin: "host", place: null});
    void this.#open(wanted, name, () => nameAddress(address), {reading: new AbortController(), host});
  }

  /** Opens a file in place of the one that is open, which stays where that cannot be; `name` writes it into the address. */
  async #open(
    wanted: () => Promise<Wanted>,
    name: string,
    intoAddress: (file: OpenFile) => void,
    {reading = new AbortController(), host = null}: {reading?: AbortController; host?: string | null} = {}
  ): Promise<void> {
    this.stop();
    const {signal} = (this.#opening = new AbortController());
    signal.addEventListener("abort", () => this.#reading !== reading && reading.abort());
    this.#notices.update([]);
    this.source.update({state: "reading", name});
    const onProgress = (done: number, total: number) =>
      signal.aborted || this.source.update({state: "reading", name, ...howFar(done, total, host)});
    try {
      const {bytes, identity, name: known = name, ...from} = await wanted();
      signal.throwIfAborted();
      const file = await openFile(bytes, {name: known, identity, attended: true, signal, onProgress});
      signal.throwIfAborted();
      intoAddress(file);
      this.visitor = from.origin === "site" || from.origin === "host" ? null : file;
      this.#detail = from.origin === "site" ? "simulated" : host === null ? undefined : `read from ${host}`;
      markVisit(this.visitor);
      const told = await sessionNotices(this.value, file, choiceInAddress().model ?? null);
      const chosen = await this.#look(file, choiceInAddress(), signal);
      this.#reading.abort();
      this.#reading = reading;
      this.#origin = from.origin;
      this.#offer.update(this.visitor === null || sessionOf(file) ? null : file, from);
      told.forEach((notice) => this.#notices.add(notice));
      this.#become(chosen);
    } catch (error) {
      if (this.#reading !== reading) reading.abort();
      if (signal.aborted) return;
      if (this.value !== undefined) {
        this.#show(this.value, this.#shown ?? this.value.inspection);
        return this.#notices.add(noticeOf(error));
      }
      this.source.update(
        isAbort(error) ? {state: "nothing"} : {state: "error", name, error, again: again(error, name)}
      );
    }
  }

  /** A file that was read from its copy is open no more once that is removed. */
  async #lookForCopy(): Promise<void> {
    const {visitor} = this;
    if (visitor === null || this.#origin !== "copy" || (await keptFile(visitor.identity)) !== null) return;
    if (this.visitor === visitor)
      this.source.update({state: "error", name: visitor.name, error: copyRemoved(visitor.name)});
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

  /** Ends all that goes on, for good. */
  dispose(): void {
    this.stop();
    this.#reading.abort();
    this.#ended.abort();
  }

  /** Says of a file what is found under a choice; answers with the file as it is then. Rejects if it is no longer wanted. */
  async #look(file: OpenFile, choice: InspectChoice, signal: AbortSignal): Promise<OpenFile> {
    const found = await chosenFile(file, choice);
    signal.throwIfAborted();
    noteToldOfFile(found.file, found.inspection, found.fault);
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
    const session = sessionOf(file) === undefined ? undefined : `a saved session: open ${file.name} to compute more`;
    this.source.update(openStatus(facts, session ?? this.#detail ?? joinedWords(facts)));
    this.#notices.update(problemNotices(facts));
  }
}

const demoName = "demo.h5ad";

/** Words of the button that opens a file which the browser asks about first. */
const again = (error: unknown, name: string): string | undefined =>
  isWorkbookError(error) && error.code === "file-permission" ? `Open ${name}` : undefined;

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
