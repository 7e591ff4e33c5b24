import {distributionView} from "../views/distribution-view.js";
import {h} from "../views/dom.js";
import {fileTreeView} from "../views/file-tree.js";
import {formatCount} from "../views/format.js";
import {geneAlignmentView} from "../views/gene-alignment-view.js";
import {matrixPicker} from "../views/matrix-picker.js";
import {recoveryView} from "../views/recovery-view.js";
import {chapter} from "./chapter.js";
import {choosesCounts, questionOf, rowsNow} from "./chapter-data.js";
import {geneColumnChoice} from "./gene-column.js";
import {matrixRows} from "./opened-file.js";
import {createSession, type Session} from "./session.js";

/** The parts of the chapter on loading, for a page to put between its paragraphs. */
export interface LoadChapter {
  session: Session;
  data: HTMLElement;
  tree: HTMLElement;
  /** The file's matrices with the evidence, and what can be done where none holds counts. */
  matrix: HTMLElement;
  genes: HTMLElement;
  lost: HTMLElement;
  /** Counts and genes a cell. */
  cells: HTMLElement;
  dispose(): void;
}

/** The chapter on loading: opens the view's file and describes it. `demo` gives the embedded demo. */
export function loadChapter({demo}: {demo: () => Promise<Blob>}): LoadChapter {
  const session = createSession({demo});
  const {client} = session;
  const data = chapter(session);
  const tree = fileTreeView();
  const picker = h("div");
  const recovery = recoveryView();
  const namesPlace = h("div");
  const alignment = geneAlignmentView();
  const lost = distributionView();
  const counts = distributionView();
  const genes = distributionView();

  recovery.addEventListener("use", (event) => {
    session.change({matrix: (event as CustomEvent<string>).detail});
    void data.reopen();
  });

  function showMatrices(): void {
    const {inspection} = session.file!;
    const chosen = questionOf(session).matrix;
    const reason =
      session.view.matrix === null || session.view.matrix === inspection.matrix.name
        ? inspection.matrix.reason
        : undefined;
    const choice = matrixPicker(matrixRows(inspection), chosen, {reason, anyMatrix: true});
    choice.addEventListener("choose", (event) => session.change({matrix: (event as CustomEvent<string>).detail}));
    picker.replaceChildren(choice);
    namesPlace.replaceChildren(geneColumnChoice(session, () => void data.reopen()) ?? "");
  }

  /** Verdict on the matrix that would be used; of none, the first whose counts might be had back. */
  function transformed(): string | null {
    const {matrices} = session.file!.inspection;
    const {matrix} = questionOf(session);
    const undoable = (verdict?: string) => verdict === "log-normalized" || verdict === "normalized";
    const of =
      matrix === null
        ? matrices.find(({evidence}) => undoable(evidence?.verdict))
        : matrices.find(({name}) => name === matrix);
    return of !== undefined && undoable(of.evidence?.verdict) ? of.name : null;
  }

  function lookForCounts(): Promise<void> {
    // Another file is being opened, and will be looked at.
    if (session.file === null) return Promise.resolve();
    const name = transformed();
    recovery.update(name === null ? null : "waiting");
    return data
      .ask("recovery", async (signal) => {
        if (name !== null)
          recovery.update(
            await client.ask("countRecovery", {matrix: name, rows: await rowsNow(session, signal)}, {signal})
          );
      })
      .finally(() => name !== null && recovery.querySelector("h3") === null && recovery.update(null));
  }

  function lacks(): string | null {
    const {matrix} = questionOf(session);
    const isCounts =
      session.file!.inspection.matrices.find(({name}) => name === matrix)?.evidence?.verdict === "counts";
    return isCounts ? null : "No matrix of counts is chosen, so there is nothing to add up.";
  }

  function align(): Promise<void> {
    const {inspection} = session.file!;
    const question = questionOf(session);
    const isCounts = lacks() === null;
    const clear = (why: string) => [lost, counts, genes].forEach((view) => view.update(null, why));
    clear("Adding up counts …");
    alignment.update(null);
    const matrix = question.matrix ?? inspection.matrices.find(({fault}) => fault === null)?.name ?? null;
    if (matrix === null) return Promise.resolve();
    return data.ask(
      "alignment",
      async (signal) => {
        const rows = isCounts ? await rowsNow(session, signal) : new Int32Array(0);
        const found = await client.ask("geneAlignment", {...question, matrix, rows}, {signal});
        alignment.update({...found, countsOfGene: isCounts ? found.countsOfGene : null});
        if (!isCounts) return;
        if (found.cells === null)
          return clear(
            "This matrix is large and stored gene by gene: adding up its cells would mean reading all of it."
          );
        const {totalCounts, nGenes, lostShare, complete} = found.cells;
        const of = complete
          ? formatCount(totalCounts.length, "cell")
          : `A sample of ${formatCount(totalCounts.length, "cell")}, spread over the file`;
        lost.update({
          title: "Counts lost to missing genes",
          values: lostShare,
          axis: "share of a cell's counts",
          format: "share",
          low: 0,
          high: ofLost(lostShare),
          caption: `${of}.`
        });
        counts.update({
          title: "Counts a cell",
          values: totalCounts,
          axis: "counts a cell, all genes of the file",
          log: true,
          caption: `${of}.`
        });
        genes.update({
          title: "Genes a cell",
          values: nGenes,
          axis: "genes with a count, all genes of the file",
          log: true,
          caption: `${of}.`
        });
      },
      () =>
        [alignment, lost, counts, genes].forEach((view) =>
          view.update(null, "This cannot be shown: the notice at the top of the page says why.")
        )
    );
  }

  const off = session.on({
    file(file) {
      if (file === null) {
        tree.update(null);
        picker.replaceChildren();
        namesPlace.replaceChildren();
        recovery.update(null);
        [alignment, lost, counts, genes].forEach((view) => view.update(null));
        return;
      }
      showMatrices();
      void data.ask("tree", async (signal) => tree.update(await client.ask("fileTree", {}, {signal})));
      void align().then(() => lookForCounts());
    },
    view(_, keys) {
      if (session.file === null || !choosesCounts.some((key) => keys.has(key))) return;
      showMatrices();
      void align().then(() => lookForCounts());
    }
  });
  return {
    session,
    data: data.element,
    tree: data.instead(tree),
    matrix: data.instead(h("div", {}, picker, recovery)),
    genes: data.instead(h("div", {}, namesPlace, alignment)),
    lost: data.instead(lost, {lacks}),
    cells: data.instead(h("div", {class: "wb-pair"}, counts, genes), {lacks}),
    dispose() {
      off();
      data.dispose();
    }
  };
}

/** End of the axis of lost shares: the largest, and never so small that nothing lost looks like much. */
function ofLost(shares: Float64Array): number {
  return shares.reduce((most, share) => (share > most ? share : most), 0.02);
}
