import {bound} from "../views/address-input.js";
import {extend, h} from "../views/dom.js";

/** What `cluster` takes beside its neighbors. */
export interface ClusterChoice {
  /** null: 1, or less where that makes more than 50 clusters. */
  resolution: number | null;
  seed: number;
}

/** The form of clusters. */
export type ClusterInput = HTMLElement & {readonly value: ClusterChoice};

/** Resolution (empty: chosen) and seed of clusters. Bound to the address ("resolution", "cluster_seed"). */
export function clusterInput(): ClusterInput {
  const resolution = bound<string, HTMLInputElement & {value: string}>(
    h("input", {type: "text", inputmode: "decimal", placeholder: "1", size: 5, autocomplete: "off"}),
    {name: "resolution", default: "", parse: (text) => (resolutionOf(text) === null ? undefined : text)}
  );
  const seed = bound<string, HTMLInputElement & {value: string}>(
    h("input", {type: "text", inputmode: "numeric", size: 5, autocomplete: "off"}),
    {name: "cluster_seed", default: "42", parse: (text) => (/^\d{1,9}$/.test(text) ? text : undefined)}
  );
  const field = (words: string, input: HTMLElement) => h("label", {class: "wb-field"}, words, input);
  const root = h(
    "div",
    {class: "wb-fields", title: "More makes more, smaller clusters. Empty: 1, or less where that makes more than 50."},
    field("Resolution", resolution),
    field("Seed", seed)
  );
  // A number that is being typed is not meant yet.
  root.addEventListener("input", (event) => event.target !== root && event.stopPropagation());
  root.addEventListener("change", () => root.dispatchEvent(new Event("input", {bubbles: true})));
  return extend(root, {
    get value(): ClusterChoice {
      return {resolution: resolutionOf(resolution.value), seed: /^\d{1,9}$/.test(seed.value) ? Number(seed.value) : 42};
    }
  });
}

/** A resolution from 0.001 to 1,000; null for anything else. */
function resolutionOf(text: string): number | null {
  const number = text.trim() === "" ? NaN : Number(text.trim().replace(",", "."));
  return number >= 0.001 && number <= 1000 ? number : null;
}
