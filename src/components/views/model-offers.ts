import type {PublishedCheckpoint} from "../core/model/published-checkpoints.js";
import {addressField} from "./address-field.js";
import {extend, h, send, uniqueId} from "./dom.js";
import {factList} from "./model-entries.js";
import {filePicker} from "./file-picker.js";
import type {PickedPart} from "./packed-file.js";

/** A model that a person wants to add: a published one, an address, files. */
export type WantedModel =
  | {published: PublishedCheckpoint}
  | {
      address: string;
      /** Branch, tag or commit of a repository; its main branch unless told. */
      revision?: string;
    }
  | {files: readonly PickedPart[]};

/** Ways to add a model. "want" (CustomEvent, detail: WantedModel) tells which was asked for; nothing is fetched before it was agreed to. */
export type ModelOffers = HTMLElement;

/** The published checkpoints by name, a field for an address, and a picker that takes drops. */
export function modelOffers(published: readonly PublishedCheckpoint[]): ModelOffers {
  const root = h("div", {class: "wb-model-offers"});
  const want = (wanted: WantedModel) => send(root, "want", wanted);
  root.append(
    publishedList(published, want),
    addressForm(want),
    filePicker(
      "A checkpoint (config.json, model.safetensors, its gene dictionary), a .torch file of the original UCE, or a converted model (manifest.json). It is read here; nothing leaves this machine.",
      (files) => want({files})
    )
  );
  return extend(root, {});
}

function publishedList(all: readonly PublishedCheckpoint[], want: (wanted: WantedModel) => void): HTMLElement {
  const entry = (one: PublishedCheckpoint): HTMLElement => {
    const facts = one.facts.map(({about, said, source}) => [about, `${said} (source: ${source})`] as const);
    const known = one.facts.filter(({about}) => about !== "license" && about !== "size").map(({said}) => said);
    const stated = one.facts.some(({about}) => about === "license")
      ? []
      : [["license", "not known here: read its page"] as const];
    return h(
      "div",
      {class: "wb-model-entry", "data-published": one.repository},
      h("span", {}, h("strong", {}, one.name), ` ${known.join(", ") || "nothing else is known of it here"}`),
      h(
        "button",
        {
          type: "button",
          class: "wb-button wb-button-small",
          "aria-label": `Fetch ${one.name} …`,
          onclick: () => want({published: one})
        },
        "Fetch …"
      ),
      h(
        "details",
        {},
        h("summary", {}, "About this model"),
        factList([["repository", `${one.repository} on Hugging Face`], ...facts, ...stated, ["citation", one.citation]])
      )
    );
  };
  const words =
    "UCE-brain, published by its makers, and two copies of the original UCE. Your browser fetches the parts that it needs, and converts them into a model that it keeps. You are asked before.";
  return h("fieldset", {}, h("legend", {}, "Published models"), h("p", {class: "wb-small"}, words), all.map(entry));
}

function addressForm(want: (wanted: WantedModel) => void): HTMLElement {
  const id = uniqueId("address");
  const field = addressField({id, required: true});
  const revision = h("input", {type: "text", placeholder: "main", autocomplete: "off", spellcheck: "false"});
  const form = h(
    "form",
    {class: "wb-model-address"},
    h("label", {for: id}, "Address of a folder, a .torch file or a Hugging Face repository"),
    field,
    h("label", {class: "wb-model-revision"}, "Revision ", revision),
    h("button", {class: "wb-button wb-button-small"}, "Look …")
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const named = revision.value.trim();
    want({address: field.value.trim(), ...(named !== "" && {revision: named})});
  });
  form.addEventListener("input", (event) => event.stopPropagation());
  return h("fieldset", {}, h("legend", {}, "From an address"), form);
}
