import type {KnownPace} from "../core/model/expected-cost.js";
import {isModelHash} from "../core/model/is-model-hash.js";
import {publishedCheckpoints} from "../core/model/published-checkpoints.js";
import type {LoadParameters} from "../core/pipeline/prepare-cells.js";
import type {OpenFile} from "../core/stages/stage.js";
import {forgetUnfinishedModels, makeModel} from "../runtime/browser/model-maker.js";
import {keptModels, removeModel, unfinishedBytes, type KeptModel} from "../runtime/browser/kept-models.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";
import {extend, h} from "../views/dom.js";
import {modelConsent, type Agreed} from "../views/model-consent.js";
import {modelEntries, type ModelEntry} from "../views/model-entries.js";
import {modelOffers, type WantedModel} from "../views/model-offers.js";
import {modelProgress} from "../views/model-progress.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {model} from "./browser.js";
import {costSentences} from "./cost-words.js";
import {measureTask, type MeasuringCells} from "./measure-task.js";
import {bytesOfModel, knownPaces, modelEntry} from "./model-facts.js";
import {modelInAddress} from "./model-in-address.js";
import {modelRequest, orderOf, redirectedTo, type ModelRequest} from "./model-request.js";
import {busyAdding, changed, keepsNothing, measuringEnded, needsModel, tellChanged} from "./model-notices.js";
import {removeInUse} from "./remove-in-use.js";
import {unfinishedNote} from "./unfinished-note.js";
import {genesBefore, rememberOrder, unfinishedModel, type UnfinishedModel} from "./wanted-model.js";

/** The model that cells are read with: its hash, null for the site's own, undefined while the one of the address is looked for or is not here. */
export type ModelInput = HTMLElement & {
  value: string | null | undefined;
  /** Offers to make kept models smaller, measured on cells of this file. */
  measureOn(file: OpenFile, load?: LoadParameters): void;
};

/** How the input is made. */
export interface ModelInputOptions {
  /** Parameter of the address ("model"). */
  name?: string;
  /** Word before the model's name ("Model"). */
  label?: string;
  /** Shows the list at once (false). */
  open?: boolean;
}

/**
 * Which model reads the cells: a line that unfolds to the models that this browser has, and to ways to add others (a published checkpoint,
 * an address, files). Bound to the address. A link may name a model that this browser does not keep: the value waits then, and the input
 * says so. Nothing is fetched from another origin before a person agreed to it.
 */
export function modelInput({name = "model", label = "Model", open = false}: ModelInputOptions = {}): ModelInput {
  const control = new ModelControl(name, label, open);
  return extend(control.root, {
    get value() {
      return control.value;
    },
    set value(next: string | null | undefined) {
      control.take(next ?? null);
    },
    measureOn: (file: OpenFile, load?: LoadParameters) => control.measureOn({file, ...(load && {load})})
  });
}

class ModelControl {
  readonly root: HTMLDetailsElement;
  value: string | null | undefined;
  readonly #name: string;
  readonly #label: string;
  readonly #summary = h("summary", {});
  readonly #line = h("span", {class: "wb-model-line"});
  /** Comes with the model's own words, which would push it far along the line. */
  readonly #more = h("span", {class: "wb-model-more", hidden: true}, "change");
  readonly #notices = noticeList();
  readonly #entries = modelEntries();
  readonly #offers = modelOffers(publishedCheckpoints);
  readonly #task = h("div");
  readonly #unfinished = h("div", {class: "wb-model-unfinished", hidden: true});
  #models: ModelEntry[] = [];
  #kept: KeptModel[] = [];
  #paces: KnownPace[] = [];
  #cells: MeasuringCells | null = null;
  #making: AbortController | null = null;

  constructor(name: string, label: string, open: boolean) {
    this.#name = name;
    this.#label = label;
    this.#summary.append(this.#line, this.#more);
    this.root = h(
      "details",
      {class: "wb-model", open},
      this.#summary,
      h("div", {class: "wb-model-body"}, this.#notices, this.#task, this.#unfinished, this.#entries, this.#offers)
    );
    this.#listen();
    const wanted = modelInAddress(name);
    this.value = wanted === null ? null : undefined;
    this.#say();
    void this.#refresh().then(() => this.#follow());
  }

  /** Chooses a model (null: the site's own); the page hears of it. */
  take(hash: string | null): void {
    if (hash !== null && !isModelHash(hash)) return;
    setQueryParameter(this.#name, hash);
    this.#notices.remove("model-needed");
    this.#become(hash);
  }

  /** Offers to make kept models smaller, measured on these cells. */
  measureOn(cells: MeasuringCells): void {
    this.#cells = cells;
    this.#say();
  }

  #listen(): void {
    // What happens in it is its own affair, but for a new value.
    this.root.addEventListener("input", (event) => event.target !== this.root && event.stopImmediatePropagation());
    this.#entries.addEventListener("choose", (event) => this.take((event as CustomEvent<string | null>).detail));
    this.#entries.addEventListener("remove", (event) => void this.#remove((event as CustomEvent<string>).detail));
    this.#entries.addEventListener("measure", (event) => this.#measure((event as CustomEvent<string>).detail));
    this.#offers.addEventListener("want", (event) => this.#want((event as CustomEvent<WantedModel>).detail));
    let wasConnected = false;
    const isGone = (): boolean => {
      if (wasConnected && !this.root.isConnected) {
        document.removeEventListener(changed, onModels);
        removeEventListener("popstate", onStep);
        this.#making?.abort();
        return true;
      }
      wasConnected ||= this.root.isConnected;
      return false;
    };
    const onModels = (): void => void (isGone() || this.#refresh().then(() => this.#follow()));
    const onStep = (): void => void (isGone() || this.#follow());
    document.addEventListener(changed, onModels);
    addEventListener("popstate", onStep);
  }

  /** Reads again which models there are. */
  async #refresh(): Promise<void> {
    const [own, kept] = await Promise.all([model().catch(() => null), keptModels()]);
    const site =
      own === null ? [] : [{manifest: own.manifest, hash: null, pace: own.hash, bytes: bytesOfModel(own.manifest)}];
    this.#kept = kept ?? [];
    const all = [...site, ...this.#kept.map((one) => ({...one, pace: one.hash}))];
    this.#paces = knownPaces(all);
    this.#models = all.map((one) => modelEntry(one.manifest, one, this.#paces));
    if (kept === null) this.#notices.add(keepsNothing);
    this.#more.hidden = false;
    this.#say();
    await this.#tellUnfinished();
  }

  /** Takes the model that the address names, or says that it is not here. */
  #follow(): void {
    const wanted = modelInAddress(this.#name);
    if (wanted === null || this.#models.some(({hash}) => hash === wanted)) {
      this.#notices.remove("model-needed");
      if (this.value !== wanted) this.#become(wanted);
      return;
    }
    if (queryParameter(this.#name) === null) return;
    this.value = undefined;
    this.#notices.add(needsModel(wanted));
    this.root.open = true;
    this.#say();
  }

  #become(hash: string | null): void {
    this.value = hash;
    this.#say();
    this.root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  #say(): void {
    const chosen = this.#models.find(({hash}) => hash === this.value);
    const fallback = this.value === undefined ? "waits for a choice" : this.value === null ? "the demo model" : "…";
    const [name, short] = [chosen?.name ?? fallback, chosen?.short ?? ""];
    const text = `${this.#label}: ${name} ${short}`;
    if (this.#line.dataset.text !== text) {
      this.#line.dataset.text = text;
      this.#line.replaceChildren(`${this.#label}: `, h("strong", {}, name), ` ${short}`);
    }
    this.#entries.update(this.#models, this.value, {canMeasure: this.#cells !== null});
  }

  async #remove(hash: string): Promise<void> {
    await removeInUse(hash, this, removeModel).catch((error: unknown) => this.#notices.add(noticeOf(error)));
    tellChanged();
  }

  /** True while a model is added or measured, which is said. */
  #isBusy(): boolean {
    if (this.#making !== null) this.#notices.update([busyAdding]);
    return this.#making !== null;
  }

  /** Asks before anything is fetched or read. */
  #want(wanted: WantedModel, hosts: readonly string[] = [], before: UnfinishedModel | null = null): void {
    if (this.#isBusy()) return;
    this.#notices.update([]);
    let request: ModelRequest;
    try {
      request = modelRequest(wanted, hosts, this.#paces);
    } catch (error) {
      return this.#notices.add(noticeOf(error));
    }
    const form = modelConsent({...request.consent, ...genesBefore(before)});
    form.addEventListener("refuse", () => this.#endTask());
    form.addEventListener("agree", (event) => void this.#make(wanted, request, (event as CustomEvent<Agreed>).detail));
    this.#task.replaceChildren(form);
    form.querySelector("h3")?.focus();
  }

  async #make(wanted: WantedModel, request: ModelRequest, agreed: Agreed): Promise<void> {
    const making = (this.#making = new AbortController());
    const progress = modelProgress(request.title, {
      costOf: (shape, storage) => costSentences(shape, this.#paces, storage)
    });
    progress.addEventListener("cancel", () => making.abort());
    this.#task.replaceChildren(progress);
    progress.querySelector("button")?.focus();
    this.#unfinished.hidden = true;
    const order = orderOf(request, agreed);
    rememberOrder(request.title, order);
    try {
      const made = await makeModel(order, {signal: making.signal, onProgress: (step) => progress.update(step)});
      rememberOrder(null);
      this.#endTask();
      await this.#refresh();
      this.take(made.hash);
    } catch (error) {
      this.#endTask();
      if (!making.signal.aborted) this.#fail(error, wanted);
    } finally {
      if (this.#making === making) this.#making = null;
    }
    tellChanged();
  }

  /** Makes smaller variants of a kept model, if a person agrees. */
  #measure(hash: string): void {
    if (this.#isBusy()) return;
    this.#notices.update([]);
    const model = this.#kept.find((one) => one.hash === hash);
    if (model === undefined || this.#cells === null) return;
    measureTask(model, this.#cells, this.#paces, {
      show: (element) => {
        this.#task.replaceChildren(element);
        element.querySelector<HTMLElement>("h3, button")?.focus();
      },
      begin: (stop) => (this.#making = stop),
      end: () => this.#endTask(),
      done: async (made) => {
        this.#making = null;
        await this.#refresh();
        if (made !== null) this.take(made);
        tellChanged();
      },
      fail: (error, canceled) => {
        this.#making = null;
        this.#notices.add(canceled ? measuringEnded : noticeOf(error));
        tellChanged();
      }
    });
  }

  #fail(error: unknown, wanted: WantedModel): void {
    this.#notices.add(noticeOf(error));
    const host = redirectedTo(error);
    if (host === null) return;
    const allow = h("button", {type: "button", class: "wb-button wb-button-small"}, `Allow ${host} …`);
    allow.addEventListener("click", () => this.#want(wanted, [host]));
    this.#task.replaceChildren(h("p", {}, allow));
  }

  #endTask(): void {
    this.#notices.remove("busy-adding");
    this.#task.replaceChildren();
    if (!this.root.contains(document.activeElement)) this.#summary.focus({preventScroll: true});
  }

  /** What a canceled, failed or interrupted conversion has left, and what can be done with it. */
  async #tellUnfinished(): Promise<void> {
    const bytes = this.#making === null ? await unfinishedBytes() : 0;
    const order = unfinishedModel();
    this.#unfinished.hidden = bytes === 0;
    if (bytes === 0) return;
    const goOn = (from: UnfinishedModel): void => this.#want(from, from.hosts, from);
    this.#unfinished.replaceChildren(...unfinishedNote(order, bytes, {goOn, forget: () => void this.#forget()}));
  }

  async #forget(): Promise<void> {
    try {
      await forgetUnfinishedModels();
      rememberOrder(null);
    } catch (error) {
      this.#notices.add(noticeOf(error));
    }
    tellChanged();
  }
}
