import type {CostShape} from "../core/model/expected-cost.js";
import type {Precision} from "../core/types.js";
import type {ModelProgress, ReadyBundle} from "../core/model/adding-model.js";
import {extend, h, send, setText} from "./dom.js";
import {formatBytes, formatCount, formatInteger, formatRemaining} from "./format.js";

/** Progress of adding a model; "cancel" tells that a person ends it. */
export type ModelProgressView = HTMLElement & {update(step: ModelProgress): void};

type Shares = Partial<Record<ModelProgress["step"], [from: number, to: number]>>;

/** The share of the whole that each step begins and ends at. */
const shares: Record<"add" | "measure", Shares> = {
  add: {weights: [0, 0.2], fold: [0.2, 0.8], write: [0.8, 0.85], "self-test": [0.85, 1], bundle: [0, 1]},
  measure: {write: [0, 0.05], "self-test": [0.05, 0.15], measure: [0.15, 1]}
};

/** What is being done, and what its first words are. */
export interface ModelProgressOptions {
  /** Adding a model, or measuring its variants ("add"). */
  work?: "add" | "measure";
  /** What a model takes on this device, once its header was read. */
  costOf?: (shape: CostShape, storage?: Precision) => string;
}

/** A bar with what is done now, how much came, how long it may still take, and Cancel. */
export function modelProgress(title: string, {work = "add", costOf}: ModelProgressOptions = {}): ModelProgressView {
  const label = work === "add" ? `Adding ${title}` : `Measuring ${title}`;
  const words = h("span", {role: "status"}, `${label}: looking at it …`);
  const bar = h("progress", {class: "wb-progress", max: 1, value: 0, "aria-label": label});
  const count = h("p", {class: "wb-small"});
  const plan = h("p", {class: "wb-small"});
  const cancel = h(
    "button",
    {type: "button", class: "wb-button wb-button-small", onclick: () => send(root, "cancel")},
    "Cancel"
  );
  const root = h(
    "div",
    {class: "wb-model-progress"},
    h("div", {class: "wb-model-now"}, words, cancel),
    bar,
    count,
    plan
  );
  let begun: {step: string; at: number; done: number} | null = null;
  return extend(root, {
    update(now: ModelProgress) {
      const {step, done, total, received} = now;
      if (begun?.step !== step) begun = {step, at: performance.now(), done};
      const [from, to] = shares[work][step] ?? [0, 0];
      const share = total > 0 ? done / total : 0;
      bar.value = from + share * (to - from);
      root.dataset.step = step;
      setText(words, work === "measure" && step === "look" ? `${label}: looking at it …` : stepWords[step]);
      const ms = ((performance.now() - begun.at) / Math.max(1e-9, done - begun.done)) * (total - done);
      const isTimed = done > begun.done && total > done && performance.now() - begun.at > 1000;
      const parts = [
        total > 0 ? countWords(now) : "",
        received > 0 && step !== "self-test" ? `${formatBytes(received)} received` : "",
        isTimed ? `${formatRemaining(ms)} left in this step` : ""
      ];
      setText(count, parts.filter(Boolean).join(" · "));
      if (now.plan !== null) {
        const shape = {...now.plan, tableRows: now.plan.rows};
        setText(plan, `${planWords(now.plan)} ${costOf?.(shape) ?? ""}`.trim());
      }
      if (now.ready !== undefined) {
        const {architecture, tableRows, storage} = now.ready;
        setText(plan, `${readyWords(now.ready)} ${costOf?.({...architecture, tableRows}, storage) ?? ""}`.trim());
      }
      if (now.seconds !== undefined) setText(plan, estimateWords(now.seconds));
    }
  });
}

const stepWords: Record<ModelProgress["step"], string> = {
  look: "Reading the configuration and the header …",
  wait: "Another tab is adding a model; this one starts when it finishes.",
  weights: "Reading the weights …",
  fold: "Reading the genes' rows and folding them into a small table …",
  write: "Writing the weights …",
  "self-test": "Testing the model on made-up sentences …",
  measure: "Embedding cells with float32, float16 and 8 bit …",
  bundle: "Fetching the model's files, each verified by its checksum …"
};

function countWords({step, done, total}: ModelProgress): string {
  if (step === "bundle") return `${formatBytes(done)} of ${formatBytes(total)}`;
  const noun =
    {weights: "tensors", fold: "rows", write: "files", "self-test": "sentences", measure: "sentences"}[
      step as string
    ] ?? "steps";
  return `${formatInteger(done)} of ${formatInteger(total)} ${noun}`;
}

function readyWords({architecture: {layers, width, heads}, files, bytes}: ReadyBundle): string {
  const shape = `${layers} layers, ${width} wide, ${heads} heads`;
  return `The manifest says: ${shape}, ${formatBytes(bytes)} in ${formatCount(files, "file")}, kept one by one.`;
}

function planWords({
  layers,
  width,
  heads,
  vocabulary,
  genes,
  needed,
  whole
}: NonNullable<ModelProgress["plan"]>): string {
  const shape = `${layers} layers, ${width} wide, ${heads} heads, vocabulary ${formatInteger(vocabulary)}`;
  return `The header says: ${shape}. ${formatInteger(genes)} genes need ${formatBytes(needed)} of ${formatBytes(whole)}.`;
}

function estimateWords(seconds: number): string {
  return `All of it takes ${formatRemaining(1000 * seconds)} at most. A variant is left out as soon as it clearly misses its limits.`;
}
