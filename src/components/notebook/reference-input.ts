import {isAbort} from "../core/errors.js";
import {labelReference, type LabelReference} from "../core/reference/label-reference.js";
import {keepReference, keptReference, keptReferences, removeReference} from "../runtime/browser/kept-references.js";
import type {ModelFacts} from "../runtime/browser/protocol.js";
import type {ReferenceOrigin} from "../runtime/browser/reference-protocol.js";
import {readReference} from "../runtime/browser/reference-maker.js";
import type {AddressToOpen} from "../views/address-consent.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";
import {extend, h} from "../views/dom.js";
import {modelEntries, type ModelEntry} from "../views/model-entries.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import type {PickedPart} from "../views/packed-file.js";
import {referenceEntry} from "../views/reference-facts.js";
import {referenceOffers} from "../views/reference-offers.js";
import {addressToOpen, isAgreed, noteAgreed} from "./agreed-addresses.js";
import {fits, modelUnknown, refusal, type ReadingModel} from "./fitting-reference.js";

/** A reference and the column of its labels: what `label` takes. */
export interface ChosenReference {
  reference: LabelReference;
  by: string;
}

/** Which reference lends its labels: undefined while it is looked for, null where none of the model is there. */
export type ReferenceInput = HTMLElement & {value: ChosenReference | null | undefined};

/** A file of the site's own reference: a FileAttachment. */
interface SiteFile {
  name: string;
  blob(): Promise<Blob>;
}

/**
 * Which reference labels the cells that `model` reads: a line that unfolds to the site's own (`own`: the files of its bundle), those that this browser keeps, and ways to add others.
 * Taken is the one that the address names ("reference", "by"), else the site's own, else the first kept, as far as it is of this model; one of another model is refused by name. Nothing
 * is fetched from another origin before a person agreed to it.
 */
export function referenceInput(model: ModelFacts, {own = []}: {own?: readonly SiteFile[]} = {}): ReferenceInput {
  const {name, hash, manifest} = model;
  const control = new ReferenceControl({name, hash, outputWidth: manifest.architecture.outputWidth}, own);
  return extend(control.root, {
    get value() {
      return control.value;
    },
    set value(next: ChosenReference | null | undefined) {
      control.become(next ?? null);
    }
  });
}

class ReferenceControl {
  readonly root: HTMLDetailsElement;
  value: ChosenReference | null | undefined;
  readonly #model: ReadingModel;
  readonly #own: readonly SiteFile[];
  readonly #line = h("span", {class: "wb-model-line"});
  readonly #summary = h("summary", {}, this.#line, h("span", {class: "wb-model-more"}, "change"));
  readonly #notices = noticeList();
  readonly #entries = modelEntries({legend: "References at hand", about: "About this reference"});
  readonly #offers = referenceOffers();
  readonly #columns = h("select", {"aria-label": "Column of the reference's labels"});
  readonly #field = h("label", {class: "wb-field", hidden: true}, "Labels", this.#columns);
  #site: LabelReference | null = null;
  #reading = new AbortController();
  /** What a column is asked for. */
  #asked: ReferenceOrigin | null = null;

  constructor(model: ReadingModel, own: readonly SiteFile[]) {
    [this.#model, this.#own] = [model, own];
    this.root = h(
      "details",
      {class: "wb-model wb-reference"},
      this.#summary,
      h("div", {class: "wb-model-body"}, this.#notices, this.#field, this.#entries, this.#offers)
    );
    this.#listen();
    this.#say();
    void this.#begin();
  }

  /** Takes a reference and its column; the page hears of it. */
  become(next: ChosenReference | null): void {
    this.value = next;
    const columns = next?.reference.manifest.labels.map(({column}) => column) ?? [];
    this.#columns.replaceChildren(...columns.map((column) => h("option", {value: column}, column)));
    if (next !== null) this.#columns.value = next.by;
    this.#field.hidden = columns.length < 2;
    this.#say();
    void this.#list();
    this.root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  #listen(): void {
    const {root} = this;
    const heard = <Detail>(of: HTMLElement, name: string, take: (detail: Detail) => unknown): void =>
      of.addEventListener(name, (event) => void take((event as CustomEvent<Detail>).detail));
    // What happens in it is its own affair, but for a new value.
    root.addEventListener("input", (event) => event.target !== root && event.stopImmediatePropagation());
    heard<string | null>(this.#entries, "choose", (hash) => this.#choose(hash));
    heard<string>(this.#entries, "remove", (hash) => this.#remove(hash));
    heard<readonly PickedPart[]>(this.#offers, "files", (files) => this.#read({files}, null));
    heard<string>(this.#offers, "address", (text) => this.#askAddress(text));
    heard<AddressToOpen>(this.#offers, "agree", ({address}) => {
      noteAgreed(address);
      return this.#read({address}, null);
    });
    heard<null>(this.#offers, "refuse", () => this.#offers.ask(null));
    heard<null>(this.#offers, "cancel", () => this.#reading.abort());
    heard<string>(this.#offers, "column", (column) => this.#asked && this.#read(this.#asked, column));
    this.#columns.addEventListener("change", () => {
      const {value} = this.#columns;
      setQueryParameter("by", value);
      if (this.value) this.become({...this.value, by: value});
    });
  }

  /** Takes what the address names, else the site's own, else the first kept that is of the model. */
  async #begin(): Promise<void> {
    this.#site = await this.#siteReference().catch((error: unknown) => (this.#notices.add(noticeOf(error)), null));
    const asked = queryParameter("reference");
    const wanted = asked === null ? null : await keptReference(asked).catch(() => null);
    if (asked !== null && wanted === null) this.#notices.add(notHere(asked));
    const kept = (await keptReferences()).find(({manifest}) => fits(manifest, this.#model));
    const found = [wanted, this.#site].find((one) => one !== null && fits(one.manifest, this.#model));
    if (wanted !== null && found !== wanted) this.#notices.add(refusal(wanted.manifest, this.#model));
    const first = found ?? (kept === undefined ? null : await keptReference(kept.hash).catch(() => null));
    if (this.value !== undefined) return;
    this.become(first === null ? null : this.#with(first));
  }

  async #siteReference(): Promise<LabelReference | null> {
    if (this.#own.length === 0) return null;
    const read = async (path: string) => {
      const blob = await this.#own.find(({name}) => name === path)!.blob();
      return new Uint8Array(await blob.arrayBuffer());
    };
    return labelReference({name: "the site's reference", read});
  }

  /** A reference with the column that the address names, else its first. */
  #with(reference: LabelReference): ChosenReference {
    const columns = reference.manifest.labels.map(({column}) => column);
    const asked = queryParameter("by");
    return {reference, by: asked !== null && columns.includes(asked) ? asked : columns[0]};
  }

  async #choose(hash: string | null): Promise<void> {
    this.#notices.update([]);
    try {
      const reference = hash === null ? this.#site : await keptReference(hash);
      if (reference !== null) this.#take(reference);
    } catch (error) {
      this.#notices.add(noticeOf(error));
    }
    await this.#list();
  }

  /** Uses a reference, unless it is of another model. */
  #take(reference: LabelReference): void {
    const {manifest, hash} = reference;
    if (!fits(manifest, this.#model)) return this.#notices.add(refusal(manifest, this.#model));
    if (manifest.model === null) this.#notices.add(modelUnknown(manifest, this.#model));
    setQueryParameter("reference", reference === this.#site ? null : hash);
    setQueryParameter("by", null);
    this.become(this.#with(reference));
  }

  async #remove(hash: string): Promise<void> {
    try {
      await removeReference(hash);
      if (this.value?.reference.hash === hash) {
        setQueryParameter("reference", null);
        const {manifest} = this.#site ?? {};
        this.become(manifest !== undefined && fits(manifest, this.#model) ? this.#with(this.#site!) : null);
      }
    } catch (error) {
      this.#notices.add(noticeOf(error));
    }
    document.dispatchEvent(new Event("workbook-storage"));
    await this.#list();
  }

  #askAddress(text: string): void {
    this.#notices.update([]);
    try {
      const file = addressToOpen(text, location.protocol === "https:");
      if (isAgreed(file.address)) return void this.#read({address: file.address}, null);
      this.#offers.ask(file);
    } catch (error) {
      this.#notices.add(noticeOf(error));
    }
  }

  /** Reads or makes a reference, keeps it and uses it. */
  async #read(from: ReferenceOrigin, by: string | null): Promise<void> {
    this.#reading.abort();
    const {signal} = (this.#reading = new AbortController());
    this.#notices.update([]);
    const words = by === null ? "Reading …" : "Finding out when its labels can be trusted …";
    this.#offers.working(words);
    try {
      const onProgress = (share: number) => signal.aborted || this.#offers.working(words, share);
      const found = await readReference({from, by}, {signal, onProgress});
      signal.throwIfAborted();
      this.#offers.working(null);
      this.#asked = from;
      if (found.kind === "columns") return this.#offers.choose(found);
      this.#take(await keepReference(found.files));
      document.dispatchEvent(new Event("workbook-storage"));
    } catch (error) {
      if (signal === this.#reading.signal) this.#offers.working(null);
      if (!isAbort(error)) this.#notices.add(noticeOf(error));
    }
    await this.#list();
  }

  async #list(): Promise<void> {
    const entries: ModelEntry[] = [];
    if (this.#site !== null) {
      const bytes = Object.values(this.#site.files).reduce((sum, file) => sum + file.length, 0);
      entries.push(referenceEntry(this.#site.manifest, null, bytes));
    }
    for (const {manifest, hash, bytes} of await keptReferences()) entries.push(referenceEntry(manifest, hash, bytes));
    const chosen = this.value?.reference;
    this.#entries.update(entries, chosen === this.#site ? null : chosen?.hash);
  }

  #say(): void {
    const {value} = this;
    const manifest = value?.reference.manifest;
    const fallback = value === undefined ? "…" : `none of the model ${this.#model.name}`;
    const more = manifest === undefined ? "" : ` ${manifest.cells.toLocaleString("en-US")} cells, labels ${value!.by}`;
    this.#line.replaceChildren("Reference: ", h("strong", {}, manifest?.name ?? fallback), more);
  }
}

function notHere(hash: string) {
  return {
    severity: "warning" as const,
    code: "reference-needed",
    message: `This link asks for a reference that this browser does not keep (${hash.slice(0, 8)})`,
    remedy: "add it below, from where you have it, or go on with another"
  };
}
