import {addressField} from "./address-field.js";
import {h, setText, uniqueId} from "./dom.js";

/** A gene dictionary: a file of this disk, or an address. */
export type GivenDictionary = {name: string; blob: Blob} | {address: string};

/** What was agreed to: which genes, null for the human table. */
export interface Agreed {
  dictionary: GivenDictionary | null;
  species: readonly string[];
}

/** What is known of the genes before a person chooses. */
export interface GeneChoiceOptions {
  /** Whether the human gene table of this workbook may be used. */
  humanGenes: boolean;
  dictionary?: GivenDictionary;
  /** Species to convert ("human"). */
  species?: readonly string[];
  /** False for a converted model, which brings its genes. */
  asksGenes: boolean;
  /** Whether a dictionary may be fetched from an address, as the model is. */
  mayFetch: boolean;
}

/** Fields of a form that ask for the genes. */
export interface GeneChoice {
  element: HTMLElement | null;
  /** True once enough is given. */
  complete(): boolean;
  agreed(): Agreed;
}

/** Which genes: the human table, or a dictionary (a file, an address) and species of it. */
export function geneChoice({
  humanGenes,
  dictionary,
  species: wanted,
  asksGenes,
  mayFetch
}: GeneChoiceOptions): GeneChoice {
  if (!asksGenes) return {element: null, complete: () => true, agreed: () => ({dictionary: null, species: ["human"]})};
  let given = dictionary !== undefined && "blob" in dictionary ? dictionary : null;
  const before = dictionary !== undefined && "address" in dictionary ? dictionary.address : "";
  const name = uniqueId("genes");
  const choice = (checked: boolean, words: string) => {
    const radio = h("input", {type: "radio", name, checked});
    return {radio, label: h("label", {class: "wb-model-genes"}, radio, h("span", {}, words))};
  };
  const human = choice(
    humanGenes && dictionary === undefined,
    "19,656 human genes, for models with the vocabulary of UCE-brain and the original UCE (145,469)"
  );
  const own = choice(
    before === "" && (!humanGenes || given !== null),
    "the gene dictionary that was published with the model, from this disk:"
  );
  const away = choice(before !== "", "that gene dictionary from its address, whose host is asked as well:");
  const file = h("input", {type: "file", accept: ".json,application/json", "aria-label": "Gene dictionary"});
  const address = addressField({value: before, "aria-label": "Address of the gene dictionary"});
  const picked = h("span", {class: "wb-small"}, given === null ? "" : given.name);
  const names = h("datalist", {id: uniqueId("species")});
  const species = h("input", {
    type: "text",
    value: (wanted ?? ["human"]).join(", "),
    list: names.id,
    "aria-label": "Species of the dictionary, commas between several",
    spellcheck: "false"
  });
  const read = async (): Promise<void> => {
    const all = given === null ? [] : await speciesOf(given.blob);
    names.replaceChildren(...all.map((one) => h("option", {value: one})));
    const [first] = all;
    if (first !== undefined && !namesIn(species.value).every((one) => all.includes(one)))
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
  address.addEventListener("input", () => (away.radio.checked = true));
  void read();
  const element = h(
    "fieldset",
    {class: "wb-model-gene-choice"},
    h("legend", {}, "Genes"),
    humanGenes ? human.label : h("p", {class: "wb-small"}, otherVocabulary),
    own.label,
    h("div", {class: "wb-model-dictionary"}, file, picked),
    mayFetch ? [away.label, h("div", {class: "wb-model-dictionary"}, address)] : null,
    h("div", {class: "wb-model-dictionary"}, h("label", {}, "Species to convert, of a dictionary ", species), names)
  );
  const dictionaryNow = (): GivenDictionary | null => {
    if (human.radio.checked) return null;
    if (!away.radio.checked) return given;
    return URL.canParse(address.value.trim()) && address.validity.valid ? {address: address.value.trim()} : null;
  };
  return {
    element,
    complete: () => human.radio.checked || (dictionaryNow() !== null && namesIn(species.value).length > 0),
    agreed: () => ({
      dictionary: dictionaryNow(),
      species: human.radio.checked ? ["human"] : namesIn(species.value)
    })
  };
}

const otherVocabulary =
  "Its vocabulary is another than that of UCE-brain, so its own gene dictionary is needed: a JSON file that was published with it.";

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
