import {extend, h, send, uniqueId} from "./dom.js";
import {geneChoice, type GivenDictionary} from "./gene-choice.js";

export type {Agreed} from "./gene-choice.js";

/** What is asked before a model is fetched or read. */
export interface ConsentData {
  /** What it is called: a repository, an address, a folder. */
  title: string;
  /** Hosts that will be asked; none for files of this disk. */
  hosts: readonly string[];
  /** What is fetched, and how much, in sentences. */
  what: readonly string[];
  /** Whether the human gene table of this workbook may be used: else the gene dictionary has to be given. */
  humanGenes: boolean;
  /** A gene dictionary among the files that were given, or the address of one that was given before. */
  dictionary?: GivenDictionary;
  /** Species that were asked for before ("human"). */
  species?: readonly string[];
  /** False for a converted model, which brings its genes. */
  asksGenes: boolean;
}

/** A question before anything is fetched. "agree" (CustomEvent, detail: Agreed) and "refuse" tell the answer. */
export type ModelConsent = HTMLElement;

/** Names the hosts, what is fetched, and the bytes; asks which genes are wanted where that is not clear. */
export function modelConsent({title, hosts, what, ...genes}: ConsentData): ModelConsent {
  const heading = uniqueId("consent");
  const list = hosts.join(" and ");
  const words =
    hosts.length === 0
      ? ["These files are read in this browser. Nothing leaves this machine."]
      : [
          `Your browser will ask ${list}. ${hosts.length === 1 ? "That host sees" : "These hosts see"} your network address and which file is asked for, as of any download.`,
          "Nothing of your cells is sent, and nothing was asked so far."
        ];
  const fields = geneChoice({...genes, mayFetch: hosts.length > 0});
  const agree = h(
    "button",
    {class: "wb-button wb-button-main"},
    hosts.length === 0 ? "Convert" : `Fetch from ${hosts[0]}`
  );
  const no = h("button", {type: "button", class: "wb-button", onclick: () => send(form, "refuse")}, "Not now");
  const form = h(
    "form",
    {class: "wb-model-consent", role: "group", "aria-labelledby": heading},
    h("h3", {id: heading, tabindex: -1}, hosts.length === 0 ? `Use ${title}?` : `Fetch ${title}?`),
    [...words, ...what].map((text) => h("p", {}, text)),
    fields.element,
    h("div", {class: "wb-model-buttons"}, agree, no)
  );
  const tell = (): void => void (agree.disabled = !fields.complete());
  form.addEventListener("input", (event) => (event.stopPropagation(), tell()));
  form.addEventListener("change", (event) => (event.stopPropagation(), tell()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (fields.complete()) send(form, "agree", fields.agreed());
  });
  tell();
  return extend(form, {});
}
