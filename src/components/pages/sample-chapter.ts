import {pythonSnippet} from "../core/cells/python-snippet.js";
import type {Sampling} from "../core/types.js";
import type {ServiceAnswer} from "../runtime/browser/services/index.js";
import {cellPicker} from "../views/cell-picker.js";
import {codeBox} from "../views/code-box.js";
import {h} from "../views/dom.js";
import {drawnView} from "../views/drawn-view.js";
import {sentenceView} from "../views/sentence-view.js";
import {tokenTable} from "../views/token-table.js";
import {chapter} from "./chapter.js";
import {cellOfView, choosesCounts, lacksMatrix, questionOf, rowsNow} from "./chapter-data.js";
import {seedRuleChoice} from "./seed-rule.js";
import {createSession, type Session} from "./session.js";

/** The parts of the chapter on sampling, for a page to put between its paragraphs. */
export interface SampleChapter {
  session: Session;
  data: HTMLElement;
  /** The fields that choose the cell and the sampling, and the cell's sentence along the genome. */
  sentence: HTMLElement;
  drawn: HTMLElement;
  tokens: HTMLElement;
  /** "Copy as Python". */
  python: HTMLElement;
  /** The Python that it copies; null before there is any. */
  readonly code: string | null;
  /** The steps on the screen; null before there are any. */
  readonly steps: ServiceAnswer<"cellSteps"> | null;
  dispose(): void;
}

/** The chapter on sampling: one cell's sentence. `demo` gives the embedded demo. */
export function sampleChapter({demo}: {demo: () => Promise<Blob>}): SampleChapter {
  const session = createSession({demo});
  const {client} = session;
  const data = chapter(session);
  const picker = cellPicker();
  const sampling = h(
    "select",
    {"aria-label": "Sampling"},
    h("option", {value: "reference"}, "as UCE-brain: 1,024 independent draws"),
    h("option", {value: "low-variance"}, "low-variance: systematic draws")
  );
  const seeds = seedRuleChoice(session);
  const sentence = sentenceView();
  const drawn = drawnView();
  const tokens = tokenTable();
  const python = codeBox({
    button: "Copy as Python",
    summary: "The Python that prints these tokens",
    language: "python"
  });
  let steps: ServiceAnswer<"cellSteps"> | null = null;

  function clear(why: string): void {
    steps = null;
    sentence.update(null, why);
    drawn.update(null, why);
    tokens.update(null);
    python.update(null);
  }

  async function show(): Promise<void> {
    sampling.value = session.view.sampling;
    seeds.update();
    const question = questionOf(session);
    if (question.matrix === null) return clear("");
    await data.ask(
      "cell",
      async (signal) => {
        const rows = await rowsNow(session, signal);
        const row = cellOfView(session, rows);
        picker.update(session.file!.cellIds, rows, row);
        const found = await client.ask(
          "cellSteps",
          {...question, row, sampling: session.view.sampling, seeds: session.view.seeds},
          {signal}
        );
        if (found.sentence === null)
          return clear(found.fault ?? "This cell has no counts on genes that the model knows, so it has no sentence.");
        steps = found;
        sentence.update({steps: found, extents: found.extents});
        drawn.update(found);
        tokens.update(found);
        python.update(
          pythonSnippet(found, {
            file: session.file!.name,
            cell: session.file!.cellIds[row] ?? String(row),
            seeds: session.view.seeds
          })
        );
      },
      () => clear("This cell could not be read; the notice above says why.")
    );
  }

  sentence.addEventListener("gene", (event) => tokens.show((event as CustomEvent<number>).detail));
  sampling.addEventListener("change", () => session.change({sampling: sampling.value as Sampling}));
  picker.addEventListener("input", () => session.change({cell: picker.value}));
  const off = session.on({
    file(file) {
      clear(file === null ? "" : "Reading the cell …");
      if (file !== null) void show();
    },
    view(_, keys) {
      if (
        session.file !== null &&
        [...choosesCounts, "cell" as const, "sampling" as const, "seeds" as const].some((key) => keys.has(key))
      )
        void show();
    }
  });
  const lacks = () => lacksMatrix(session);
  return {
    session,
    data: data.element,
    sentence: data.instead(
      h(
        "div",
        {},
        h("div", {class: "wb-chapter-controls"}, picker, h("label", {class: "wb-field"}, "Sampling ", sampling), seeds),
        sentence
      ),
      {lacks}
    ),
    drawn: data.instead(drawn, {lacks}),
    tokens: data.instead(tokens, {lacks}),
    python: data.instead(python, {lacks}),
    get code() {
      return python.code;
    },
    get steps() {
      return steps;
    },
    dispose() {
      off();
      data.dispose();
    }
  };
}
