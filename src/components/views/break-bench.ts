import type {BreakName} from "../core/pipeline/broken-cells.js";
import type {VectorComparison} from "../core/pipeline/compare-vectors.js";
import {extend, h, send, setText} from "./dom.js";
import {formatInteger, formatNumber} from "./format.js";
import {isCollapsed} from "./vector-verdict.js";

/** Where one switch stands. */
export type BreakState =
  | {state: "idle"}
  | {state: "running"; done: number; total: number}
  | {state: "done"; scores: VectorComparison}
  | {state: "error"; message: string};

/**
 * A bench of switches that break the model on purpose. "break" (CustomEvent, detail: name) asks for one, "cancel" (detail:
 * name) ends it.
 */
export type BreakBench = HTMLElement & {
  update(name: BreakName, state: BreakState): void;
  /** All switches idle, scores gone; `ready` false: nothing can be broken yet. */
  reset(ready: boolean): void;
};

/** What each switch does, exactly. */
export const breakTexts: Record<BreakName, string> = {
  "shuffled order": "The tokens after CLS are put into a random order: the genes stay, their positions are lost.",
  "no chromosome tokens": "Chromosome tokens and chromosome ends are left out: CLS and the genes remain.",
  "random weights":
    "In every weight matrix, bias and the token table the numbers are shuffled among themselves (8-bit: the whole numbers, scales stay).",
  "log-normalized input":
    "log(1 + counts per 10,000) is taken for counts, and its logarithm is taken once more before genes are drawn."
};

const scores = [
  {key: "accuracy", name: "5-NN accuracy"},
  {key: "macroRecall", name: "Macro recall"},
  {key: "meanCosine", name: "Mean cosine"}
] as const;

/** The bench: a row a switch, each score on a track from 0 to 1, hollow the whole model and full the broken one. */
export function breakBench(names: readonly BreakName[]): BreakBench {
  const rows = new Map(names.map((name) => [name, benchRow(name)]));
  const root = h(
    "section",
    {class: "wb-break", "aria-label": "Break it on purpose"},
    h(
      "div",
      {class: "wb-linekey", "aria-hidden": "true"},
      h("span", {}, h("i", {class: "wb-break-hollow"}), "as it should be"),
      h("span", {}, h("i", {class: "wb-break-full"}), "broken"),
      h("span", {}, "Mean cosine: of all pairs of cells")
    ),
    ...[...rows.values()].map(({element}) => element)
  );
  return extend(root, {
    update(name: BreakName, state: BreakState) {
      rows.get(name)!.update(state);
    },
    reset(ready: boolean) {
      for (const row of rows.values()) {
        row.update({state: "idle"});
        row.enable(ready);
      }
    }
  });
}

function benchRow(name: BreakName): {
  element: HTMLElement;
  update(state: BreakState): void;
  enable(ready: boolean): void;
} {
  const button = h("button", {type: "button", class: "wb-button", "aria-label": `Break: ${name}`}, "Break");
  const bar = h("progress", {class: "wb-progress", max: 1, value: 0, "aria-label": `${name}: progress`});
  const words = h("p", {class: "wb-small wb-break-words", role: "status"});
  const tracks = scores.map((score) => ({...score, ...track(score.name)}));
  const element = h(
    "article",
    {class: "wb-break-row", "data-break": name, "data-state": "idle"},
    h(
      "div",
      {},
      h("h4", {}, name.charAt(0).toUpperCase() + name.slice(1)),
      h("p", {class: "wb-small"}, breakTexts[name]),
      h("div", {class: "wb-break-act"}, button, bar)
    ),
    h("div", {}, ...tracks.map((one) => one.element), words)
  );
  let running = false;
  button.addEventListener("click", () => send(button, running ? "cancel" : "break", name));
  const update = (state: BreakState): void => {
    running = state.state === "running";
    element.dataset.state = state.state;
    setText(button, running ? "Cancel" : state.state === "done" ? "Break again" : "Break");
    button.setAttribute("aria-label", `${button.textContent}: ${name}`);
    if (state.state === "running") {
      if (state.total > 0) bar.value = state.done / state.total;
      else bar.removeAttribute("value");
      setText(
        words,
        state.total > 0
          ? `${formatInteger(state.done)} of ${formatInteger(state.total)} sentences`
          : "opening the model"
      );
      return;
    }
    bar.value = 0;
    const found = state.state === "done" ? state.scores : null;
    tracks.forEach(({key, show}) => show(found === null ? null : {whole: found.whole[key], broken: found.broken[key]}));
    setText(words, found !== null ? wordsOf(found) : state.state === "error" ? state.message : "");
  };
  update({state: "idle"});
  return {element, update, enable: (ready) => void (button.disabled = !ready)};
}

function track(name: string): {element: HTMLElement; show(values: {whole: number; broken: number} | null): void} {
  const hollow = h("i", {class: "wb-break-hollow", hidden: true});
  const full = h("i", {class: "wb-break-full", hidden: true});
  const line = h("i", {class: "wb-break-line", hidden: true});
  const text = h("span", {class: "wb-break-numbers"}, "–");
  const element = h(
    "div",
    {class: "wb-break-score"},
    h("span", {}, name),
    h("div", {class: "wb-break-track", "aria-hidden": "true"}, line, hollow, full),
    text
  );
  const place = (value: number): number => 100 * Math.min(1, Math.max(0, value));
  return {
    element,
    show(values) {
      for (const mark of [hollow, full, line]) mark.hidden = values === null;
      setText(text, values === null ? "–" : `${values.whole.toFixed(2)} → ${values.broken.toFixed(2)}`);
      if (values === null) return;
      const [from, to] = [place(values.whole), place(values.broken)];
      hollow.style.left = `${from}%`;
      full.style.left = `${to}%`;
      line.style.left = `${Math.min(from, to)}%`;
      line.style.width = `${Math.abs(to - from)}%`;
    }
  };
}

/** What a comparison says, with its numbers. */
export function wordsOf({
  cells,
  classes,
  majority,
  relativeError,
  otherCell,
  cosine,
  whole,
  broken
}: VectorComparison): string {
  const collapsed = isCollapsed(broken.meanCosine)
    ? " The broken model has collapsed: all its vectors point nearly the same way."
    : "";
  const pairOf = (error: "accuracyError" | "macroRecallError") =>
    `± ${whole[error].toFixed(2)} and ± ${broken[error].toFixed(2)}`;
  return (
    `${formatInteger(cells)} cells, ${classes} classes (the largest holds ${majority.toFixed(2)}). Error e = ${formatNumber(relativeError, 2)}, where another cell's vector would give ` +
    `${formatNumber(otherCell, 2)}; mean cosine with the right vector ${formatNumber(cosine, cosine > 0.99 ? 4 : 2)}. ` +
    `Standard errors, whole and broken: accuracy ${pairOf("accuracyError")}, macro recall ${pairOf("macroRecallError")}.${collapsed}`
  );
}
