import {extend, h, send, setText, uniqueId} from "./dom.js";

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
  /** A gene dictionary among the files that were given. */
  dictionary?: {name: string; blob: Blob};
  /** False for a converted model, which brings its genes. */
  asksGenes: boolean;
}

/** What was agreed to: which genes, null for the human table. */
export interface Agreed {
  dictionary: {name: string; blob: Blob} | null;
  species: readonly string[];
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
  const fields = geneFields(genes);
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

interface GeneFields {
  element: HTMLElement | null;
  complete(): boolean;
  agreed(): Agreed;
}

/** Which genes: the human table, or a dictionary and a species of it. */
function geneFields({humanGenes, dictionary, asksGenes}: Omit<ConsentData, "title" | "hosts" | "what">): GeneFields {
  let given = dictionary ?? null;
  if (!asksGenes) return {element: null, complete: () => true, agreed: () => ({dictionary: null, species: ["human"]})};
  const name = uniqueId("genes");
  const choice = (checked: boolean, ...words: string[]) => {
    const radio = h("input", {type: "radio", name, checked});
    return {radio, label: h("label", {class: "wb-model-genes"}, radio, h("span", {}, words))};
  };
  const human = choice(
    humanGenes && given === null,
    "19,656 human genes, for models with the vocabulary of UCE-brain (145,469)"
  );
  const own = choice(!humanGenes || given !== null, "the gene dictionary that was published with the model:");
  const file = h("input", {type: "file", accept: ".json,application/json", "aria-label": "Gene dictionary"});
  const picked = h("span", {class: "wb-small"}, given === null ? "" : given.name);
  const names = h("datalist", {id: uniqueId("species")});
  const species = h("input", {
    type: "text",
    value: "human",
    list: names.id,
    "aria-label": "Species of the dictionary, commas between several",
    spellcheck: "false"
  });
  const read = async (): Promise<void> => {
    const all = given === null ? [] : await speciesOf(given.blob);
    names.replaceChildren(...all.map((one) => h("option", {value: one})));
    const [first] = all;
    if (first !== undefined && !all.includes(species.value))
      species.value = all.find((one) => /human|sapiens/i.test(one)) ?? first;
    if (given !== null)
      setText(picked, `${given.name}: ${all.length === 0 ? "no species found in it" : all.join(", ")}`);
  };
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen === undefined) return;
    given = {name: chosen.name, blob: chosen};
    own.radio.checked = true;
    void read();
  });
  void read();
  const element = h(
    "fieldset",
    {class: "wb-model-gene-choice"},
    h("legend", {}, "Genes"),
    humanGenes
      ? human.label
      : h(
          "p",
          {class: "wb-small"},
          "Its vocabulary is another than that of UCE-brain, so its own gene dictionary is needed: a JSON file that was published with it."
        ),
    own.label,
    h("div", {class: "wb-model-dictionary"}, file, picked, h("label", {}, "Species to convert ", species), names)
  );
  return {
    element,
    complete: () => human.radio.checked || (given !== null && namesIn(species.value).length > 0),
    agreed: () =>
      human.radio.checked
        ? {dictionary: null, species: ["human"]}
        : {dictionary: given, species: namesIn(species.value)}
  };
}

/** Names with commas between. */
const namesIn = (text: string): string[] =>
  text.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));

/** Species that a gene dictionary holds; none where it is no dictionary, which the converter says better. */
async function speciesOf(blob: Blob): Promise<string[]> {
  try {
    return Object.keys(JSON.parse(await blob.text()) as object);
  } catch {
    return [];
  }
}
