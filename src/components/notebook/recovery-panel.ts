import {isAbort} from "../core/errors.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {extend, h, setText} from "../views/dom.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {recoveryView} from "../views/recovery-view.js";
import {ask} from "./browser.js";
import {chooseOfFile} from "./file-choice.js";

/** Whether counts can be recovered from the matrix of a load stage, with a button that takes them; empty where they need not be. */
export type RecoveryPanel = HTMLElement & {
  /** Looks at another load stage, until the wish is withdrawn. Never rejects. */
  follow(counts: Stage, wish?: Wish): Promise<void>;
};

/** The panel. Counts that are taken become one of the file's matrices, and the address names them. */
export function recoveryPanel(): RecoveryPanel {
  const view = recoveryView();
  const words = h("p", {class: "wb-small", role: "status", hidden: true});
  let followed: Stage | null = null;
  const say = (text: string): void => {
    setText(words, text);
    words.hidden = text === "";
  };
  view.addEventListener("use", (event) => {
    if (followed === null) return;
    const {file, chain} = followed;
    const matrix = (event as CustomEvent<string>).detail;
    chooseOfFile(file, {matrix, geneColumn: chain.parameters.geneColumn});
  });
  return extend(h("div", {}, view, words), {
    async follow(counts: Stage, wish: Wish = {}) {
      followed = counts;
      const matrix = transformed(counts);
      say("");
      view.update(matrix === null ? null : "waiting");
      if (matrix === null) return;
      try {
        const found = await ask(counts, "countRecovery", {matrix}, wish);
        if (followed === counts) view.update(found);
      } catch (error) {
        if (isAbort(error) || followed !== counts) return;
        view.update(null);
        const {message, remedy = ""} = noticeOf(error);
        say(`${sentence(message)} ${sentence(remedy)}`);
      }
    }
  });
}

/** The stage's matrix if its values are normalized; where it has none, the first such matrix of the file. */
function transformed({file, chain}: Stage): string | null {
  const {matrix} = chain.parameters;
  const isTransformed = file.inspection.matrices.filter(({evidence}) =>
    ["log-normalized", "normalized"].includes(evidence?.verdict ?? "")
  );
  const of = matrix === null ? isTransformed[0] : isTransformed.find(({name}) => name === matrix);
  return of?.name ?? null;
}
