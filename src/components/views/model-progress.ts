import type {ModelProgress} from "../core/model/adding-model.js";
import {extend, h, send, setText} from "./dom.js";
import {formatBytes, formatInteger, formatRemaining} from "./format.js";

/** Progress of adding a model; "cancel" tells that a person ends it. */
export type ModelProgressView = HTMLElement & {update(step: ModelProgress): void};

/** The share of the whole that each step begins and ends at. */
const shares: Record<ModelProgress["step"], [from: number, to: number]> = {
  look: [0, 0],
  wait: [0, 0],
  weights: [0, 0.2],
  fold: [0.2, 0.8],
  write: [0.8, 0.85],
  "self-test": [0.85, 1],
  measure: [0.85, 1],
  bundle: [0, 1]
};

/** A bar with what is done now, how much came, how long it may still take, and Cancel. */
export function modelProgress(title: string): ModelProgressView {
  const words = h("span", {role: "status"}, `Adding ${title}: looking at it …`);
  const bar = h("progress", {class: "wb-progress", max: 1, value: 0, "aria-label": `Adding ${title}`});
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
      const [from, to] = shares[step];
      const share = total > 0 ? done / total : 0;
      bar.value = from + share * (to - from);
      root.dataset.step = step;
      setText(words, stepWords[step]);
      const ms = ((performance.now() - begun.at) / Math.max(1e-9, done - begun.done)) * (total - done);
      const isTimed = done > begun.done && total > done && performance.now() - begun.at > 1000;
      const parts = [
        total > 0 ? countWords(now) : "",
        received > 0 && step !== "self-test" ? `${formatBytes(received)} received` : "",
        isTimed ? `${formatRemaining(ms)} left in this step` : ""
      ];
      setText(count, parts.filter(Boolean).join(" · "));
      if (now.plan !== null) setText(plan, planWords(now.plan));
    }
  });
}

const stepWords: Record<ModelProgress["step"], string> = {
  look: "Reading the configuration and the header …",
  wait: "Another tab is adding a model; this one starts when it finishes.",
  weights: "Reading the weights …",
  fold: "Reading the genes' rows and folding them into a small table …",
  write: "Writing the model into this browser …",
  "self-test": "Testing the model on made-up sentences …",
  measure: "Measuring the model …",
  bundle: "Fetching the model's files, each verified by its checksum …"
};

function countWords({step, done, total}: ModelProgress): string {
  if (step === "bundle") return `${formatBytes(done)} of ${formatBytes(total)}`;
  const noun = {weights: "tensors", fold: "rows", write: "files", "self-test": "sentences"}[step as string] ?? "steps";
  return `${formatInteger(done)} of ${formatInteger(total)} ${noun}`;
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
