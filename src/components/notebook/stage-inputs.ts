import * as Inputs from "npm:@observablehq/inputs";
import type {Input} from "npm:@observablehq/inputs";
import {defaultMinDist} from "../core/space/default-min-dist.js";
import {mostChosen} from "../core/stages/cell-choice.js";
import type {BackendChoice} from "../core/stages/chain.js";
import type {StageDescription} from "../core/stages/stage.js";
import type {Sampling, SeedRule} from "../core/types.js";
import {bound} from "../views/address-input.js";
import {automaticInput} from "../views/automatic-input.js";
import {extend, h} from "../views/dom.js";
import {formatCount} from "../views/format.js";

/** Of fields whose options are sentences. */
const width = "min(100%, 27rem)";

/** How genes are drawn: what `sample` takes. Bound to the address ("sampling", "seeds"). */
export function sampleInput(): Input<{method: Sampling; seeds: SeedRule}> {
  const method = Inputs.select<[Sampling, string], Sampling>(
    [
      ["reference", "as UCE-brain: 1,024 independent draws"],
      ["low-variance", "low-variance: systematic draws, less noise (not the reference)"]
    ],
    {label: "Sampling", value: "reference", width, format: ([, words]) => words, valueof: ([value]) => value}
  );
  const seeds = Inputs.select<[SeedRule, string], SeedRule>(
    [
      ["row", "the cell's row in the file, as UCE-brain"],
      ["name", "the cell's name (not the reference)"]
    ],
    {label: "Seed of a cell", value: "row", width, format: ([, words]) => words, valueof: ([value]) => value}
  );
  return Inputs.form({method: bound(method, {name: "sampling"}), seeds: bound(seeds, {name: "seeds"})});
}

/** How cells are embedded: what `embed` takes. Bound to the address ("average", "backend"). */
export function embedInput(): Input<{average: number; backend: BackendChoice}> {
  const average = Inputs.select([1, 2, 4, 8, 16], {
    label: "Samplings averaged",
    value: 1,
    width,
    format: (n) => (n === 1 ? "1, as UCE-brain" : `mean of ${n}, in ${n} times the time`)
  });
  const backend = Inputs.select<[BackendChoice, string], BackendChoice>(
    [
      ["auto", "the best that passes its self-test"],
      ["webgpu", "WebGPU"],
      ["wasm", "the processor (wasm)"]
    ],
    {label: "Device", value: "auto", width, format: ([, words]) => words, valueof: ([value]) => value}
  );
  return Inputs.form({average: bound(average, {name: "average"}), backend: bound(backend, {name: "backend"})});
}

/** A layout's parameters: what `umap` takes. */
export interface LayoutChoice {
  neighbors: number;
  /** null: by the number of cells that are mapped. */
  minDist: number | null;
  /** null: by the number of cells. */
  epochs: number | null;
  seed: number;
}

/** The form of a layout; `tell` says which embeddings are laid out, from which the minimum distance follows until one is chosen. */
export type UmapInput = HTMLElement & {
  readonly value: LayoutChoice;
  tell(embeddings: Pick<StageDescription, "file" | "chain">): void;
};

/**
 * How a map is laid out, each parameter with what it does. Bound to the address ("neighbors", "min_dist", "epochs", "seed"), which
 * carries what was chosen. The minimum distance is null until one is chosen; the input shows what the number of cells gives, once it is told.
 */
export function umapInput(): UmapInput {
  const neighbors = Inputs.range([2, 100], {label: "Neighbors", value: 15, step: 1});
  const usual = defaultMinDist(1000);
  const minDist = automaticInput(
    Inputs.range([0, 1], {label: "Minimum distance (min_dist)", value: usual, step: 0.01}),
    {value: usual, words: "or by the number of cells"}
  );
  const epochs = Inputs.text({
    label: "Epochs",
    placeholder: "by the number of cells",
    pattern: "[0-9]{0,4}",
    value: ""
  });
  const seed = Inputs.number([0, 2 ** 31 - 1], {label: "Seed", value: 42, step: 1});
  const fields: [HTMLElement, string][] = [
    [
      bound(neighbors, {name: "neighbors"}),
      "Cells that each cell is joined to, itself among them. Few show fine structure and may split groups; many show the broad picture and may merge small groups."
    ],
    [
      bound<number | null, typeof minDist>(minDist, {name: "min_dist", parse: distanceOf}),
      "How close neighbors may come on the map. 0 packs groups tightly, more spreads them; few cells need more to fill a map. It changes how the map looks, not what the vectors say."
    ],
    [
      bound(epochs, {name: "epochs"}),
      "Passes over all edges. Empty: 200 to 500, by the number of cells. With too few the map is not finished."
    ],
    [
      bound<number | undefined, typeof seed>(seed, {name: "seed", parse: Number}),
      "Of the random numbers. What another seed changes is not in the data."
    ]
  ];
  const root = h(
    "div",
    {class: "wb-layout-input"},
    fields.map(([input, what]) => h("div", {}, input, h("p", {class: "wb-small"}, what)))
  );
  return extend(root, {
    get value(): LayoutChoice {
      return {
        neighbors: neighbors.value,
        minDist: minDist.value,
        // An empty field is a choice, of epochs, and none of a seed.
        epochs: epochsOf(epochs.value),
        seed: seed.value ?? 42
      };
    },
    tell({file, chain}: Pick<StageDescription, "file" | "chain">) {
      const cells = mostChosen(chain.choice, file.cellIds.length);
      minDist.tell({value: defaultMinDist(cells), words: `for ${formatCount(cells, "cell")}`});
    }
  });
}

function distanceOf(text: string): number | undefined {
  const distance = text.trim() === "" ? NaN : Number(text);
  return distance >= 0 && distance <= 1 ? distance : undefined;
}

function epochsOf(text: string): number | null {
  const epochs = Number(text);
  return Number.isInteger(epochs) && epochs >= 1 && epochs <= 2000 ? epochs : null;
}
