import {isAbort} from "../core/errors.js";
import type {OpenFile} from "../core/stages/stage.js";
import {canRemember, choosePlace, keepPlace, type FileHandle} from "../runtime/browser/file-places.js";
import {copiedUnasked, identityOf, keepFile, keepsFiles, keptFile, removeFile} from "../runtime/browser/kept-files.js";
import {extend, h, setText} from "../views/dom.js";
import {formatBytes} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {isPackedFile} from "../views/packed-file.js";
import {blobOf} from "./browser.js";
import {holdLinks} from "./hold-links.js";
import type {FileOrigin} from "./wanted-file.js";

/** What other pages and a reload have of the file that is open, in words; hidden where there is nothing to say. */
export type KeepOffer = HTMLElement & {
  /** The file that is open, where it came from and where it lies, if that is known; null for none, or one that comes with the site. */
  update(file: OpenFile | null, from?: {origin: FileOrigin; place: FileHandle | null}): void;
};

/**
 * Keeps the open file for the other pages and a reload, and says so. Pages are separate documents, and a browser gives a picked file to one of
 * them only. So a file of up to `copiedUnasked` bytes is copied into the browser's storage; of a larger one its place is remembered
 * where the browser told it, else both are offered. A click on a link to another page waits for the copy. The page's document hears
 * "workbook-storage" when something was kept or removed, and tells it of a clearing by "workbook-cleared", until the signal is aborted.
 */
export function keepOffer({signal}: {signal?: AbortSignal} = {}): KeepOffer {
  const keeper = new Keeper();
  document.addEventListener("workbook-cleared", () => keeper.clear(), {signal});
  return extend(keeper.root, {
    update: (file: OpenFile | null, {origin, place}: {origin: FileOrigin; place: FileHandle | null} = fromHere) =>
      keeper.update(file, origin, place)
  });
}

const fromHere = {origin: "given", place: null} as const;

const sizeOf = (file: OpenFile): string => `${file.name} (${formatBytes(file.bytes)})`;

type OfferName = "remember" | "keep" | "stop" | "remove" | "forget";

class Keeper {
  readonly root: HTMLElement;
  readonly #words = h("span", {role: "status"});
  readonly #buttons = {
    remember: button("Remember where it is …", () => void this.#remember()),
    keep: button("Keep a copy", () => void this.#copy()),
    stop: button("Cancel the copy", () => this.#copying?.abort()),
    remove: button("Remove the copy", () => void this.#forget()),
    forget: button("Forget it", () => void this.#forget())
  };
  #open: OpenFile | null = null;
  #isCopy = false;
  #copying: AbortController | null = null;

  constructor() {
    this.root = h("p", {class: "wb-small wb-keep", hidden: true}, this.#words, " ", Object.values(this.#buttons));
  }

  update(file: OpenFile | null, origin: FileOrigin, place: FileHandle | null): void {
    this.#stop();
    this.#open = file;
    this.#isCopy = origin === "copy";
    this.#show("");
    if (file !== null) void this.#begin(file, origin, place);
  }

  /** All copies are gone: what is being copied is not wanted either. */
  clear(): void {
    this.#stop();
    if (this.#open !== null && !this.root.hidden) this.#lose(this.#open);
  }

  async #begin(file: OpenFile, origin: FileOrigin, place: FileHandle | null): Promise<void> {
    const isCopied = (await keptFile(file.identity)) !== null;
    const isDenied = !isCopied && !(await keepsFiles());
    if (this.#open !== file) return;
    if (isDenied) {
      const why = "This browser window keeps no files (a private window, or a setting).";
      return this.#show(`${why} Another page, or a reload, will ask for ${file.name} again.`);
    }
    if (origin === "place") return this.#showPlace(file);
    if (isCopied) return this.#showCopy(file);
    if (file.bytes <= copiedUnasked) return this.#copy();
    if (place !== null && (await this.#keepPlace(file, place))) return;
    const why = `${sizeOf(file)} is larger than ${formatBytes(copiedUnasked)}, so it is not copied unasked.`;
    if (this.#open === file) this.#showOffer(file, why);
  }

  async #copy(): Promise<void> {
    const file = this.#open!;
    const mine = (this.#copying = new AbortController());
    const isMine = (): boolean => this.#copying === mine;
    this.#show(`Copying ${sizeOf(file)} into this browser for the other pages …`, "stop");
    const work = keepFile(file.identity, blobOf(file), {signal: mine.signal});
    holdLinks(work, () => isMine() && setText(this.#words, `The page opens when ${file.name} is copied …`));
    try {
      await work;
      if (isMine()) this.#showCopy(file);
      tell();
    } catch (error) {
      if (isMine()) this.#showOffer(file, isAbort(error) ? "The copy was canceled." : faultWords(error));
    } finally {
      if (isMine()) this.#copying = null;
    }
  }

  #stop(): void {
    this.#copying?.abort();
    this.#copying = null;
  }

  async #remember(): Promise<void> {
    const file = this.#open!;
    try {
      const place = await choosePlace();
      if (place === null || this.#open !== file) return;
      if ((await identityOf(await place.getFile())) === file.identity) await this.#keepPlace(file, place);
      else this.#showOffer(file, `That is another file than ${file.name}.`);
    } catch (error) {
      if (this.#open === file) this.#showOffer(file, faultWords(error));
    }
  }

  async #keepPlace(file: OpenFile, place: FileHandle): Promise<boolean> {
    const isKept = await keepPlace(file.identity, place).then(
      () => true,
      () => false
    );
    if (isKept) tell();
    if (isKept && this.#open === file) this.#showPlace(file);
    return isKept;
  }

  async #forget(): Promise<void> {
    const file = this.#open!;
    await removeFile(file.identity).catch(() => {});
    if (this.#open === file) this.#lose(file);
    tell();
  }

  /** What was kept is gone. A page that read it has the file no more, which stands above. */
  #lose(file: OpenFile): void {
    if (this.#isCopy) this.#show("");
    else this.#showOffer(file);
  }

  #showCopy(file: OpenFile): void {
    this.#show(`A copy of ${sizeOf(file)} is kept in this browser: the other pages and a reload open it.`, "remove");
  }

  #showPlace({name}: OpenFile): void {
    const words = `This browser remembers where ${name} is: the other pages and a reload open it there, or ask you first.`;
    this.#show(words, "forget");
  }

  #showOffer(file: OpenFile, why = ""): void {
    setText(this.#buttons.keep, `Keep a copy (${formatBytes(file.bytes)})`);
    const now = `Only this page has ${file.name}: the other pages and a reload will ask for it again.`;
    const isRemembered = file.bytes > copiedUnasked && canRemember() && !isPackedFile(blobOf(file));
    this.#show(`${why} ${now}`.trim(), ...(isRemembered ? (["remember"] as const) : []), "keep");
  }

  #show(text: string, ...offered: OfferName[]): void {
    setText(this.#words, text);
    const focused = document.activeElement;
    for (const [name, one] of Object.entries(this.#buttons)) one.hidden = !offered.includes(name as OfferName);
    // A hidden button loses the keyboard's place.
    if (focused instanceof HTMLButtonElement && this.root.contains(focused) && focused.hidden)
      this.root.querySelector<HTMLElement>("button:not([hidden])")?.focus({preventScroll: true});
    this.root.hidden = text === "";
  }
}

const button = (label: string, onclick: () => void): HTMLButtonElement =>
  h("button", {type: "button", class: "wb-link", hidden: true, onclick}, label);

const tell = (): unknown => document.dispatchEvent(new Event("workbook-storage"));

function faultWords(error: unknown): string {
  const {message, remedy} = noticeOf(error);
  return [message, remedy].flatMap((text) => (text === undefined ? [] : [sentence(text)])).join(" ");
}
