import * as Inputs from "npm:@observablehq/inputs";
import type {Input} from "npm:@observablehq/inputs";
import type {BackendChoice} from "../core/stages/chain.js";
import type {Sampling, SeedRule} from "../core/types.js";
import {bound} from "../views/address-input.js";

/** How genes are drawn: what `sample` takes. Bound to the address ("sampling", "seeds"). */
export function sampleInput(): Input<{method: Sampling; seeds: SeedRule}> {
  const method = Inputs.select<[Sampling, string], Sampling>(
    [
      ["reference", "as UCE-brain: 1,024 independent draws"],
      ["low-variance", "low-variance: systematic draws, less noise (not the reference)"]
    ],
    {label: "Sampling", value: "reference", format: ([, words]) => words, valueof: ([value]) => value}
  );
  const seeds = Inputs.select<[SeedRule, string], SeedRule>(
    [
      ["row", "the cell's row in the file, as UCE-brain"],
      ["name", "the cell's name (not the reference)"]
    ],
    {label: "Seed of a cell", value: "row", format: ([, words]) => words, valueof: ([value]) => value}
  );
  return Inputs.form({method: bound(method, {name: "sampling"}), seeds: bound(seeds, {name: "seeds"})});
}

/** How cells are embedded: what `embed` takes. Bound to the address ("average", "backend"). */
export function embedInput(): Input<{average: number; backend: BackendChoice}> {
  const average = Inputs.select([1, 2, 4, 8, 16], {
    label: "Samplings averaged",
    value: 1,
    format: (n) => (n === 1 ? "1, as UCE-brain" : `mean of ${n}, in ${n} times the time`)
  });
  const backend = Inputs.select<[BackendChoice, string], BackendChoice>(
    [
      ["auto", "the best that passes its self-test"],
      ["webgpu", "WebGPU"],
      ["wasm", "the processor (wasm)"]
    ],
    {label: "Device", value: "auto", format: ([, words]) => words, valueof: ([value]) => value}
  );
  return Inputs.form({average: bound(average, {name: "average"}), backend: bound(backend, {name: "backend"})});
}

/** How the map is laid out: what `umap` takes. Bound to the address ("neighbors", "min_dist", "epochs", "seed"). */
export function umapInput(): Input<{neighbors: number; minDist: number; epochs: number | null; seed: number}> {
  const neighbors = Inputs.range([2, 100], {label: "Neighbors", value: 15, step: 1});
  const minDist = Inputs.range([0, 1], {label: "Minimum distance (min_dist)", value: 0.1, step: 0.01});
  const epochs = Inputs.number([1, 2000], {label: "Epochs", placeholder: "by the number of cells", step: 1});
  const seed = Inputs.number([0, 2 ** 31 - 1], {label: "Seed", value: 42, step: 1});
  const form = Inputs.form({
    neighbors: bound(neighbors, {name: "neighbors"}),
    minDist: bound(minDist, {name: "min_dist"}),
    epochs: bound(epochs, {name: "epochs", parse: Number}),
    seed: bound(seed, {name: "seed"})
  });
  // An empty field is a choice, of epochs, and none of a seed.
  return Object.defineProperty(form as unknown as Input<ReturnType<typeof chosen>>, "value", {
    get: () => chosen(neighbors.value, minDist.value, epochs.value, seed.value)
  });
}

function chosen(neighbors: number, minDist: number, epochs: number | undefined, seed: number | undefined) {
  return {neighbors, minDist, epochs: Number.isInteger(epochs) ? epochs! : null, seed: seed ?? 42};
}
