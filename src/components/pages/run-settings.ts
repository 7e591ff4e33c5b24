import {isAbort} from "../core/errors.js";
import type {Sampling} from "../core/types.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {cellChoice, type CellChoice} from "../views/cell-choice.js";
import {h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatShare} from "../views/format.js";
import {matrixPicker} from "../views/matrix-picker.js";
import {noticeOf} from "../views/notice-list.js";
import {qualityView} from "../views/quality-view.js";
import {geneColumnChoice} from "./gene-column.js";
import {matrixRows, stratifiable} from "./opened-file.js";
import {rememberedPace} from "./pace.js";
import {seedRuleChoice} from "./seed-rule.js";
import type {Session} from "./session.js";
import {cellsOf, hasThresholds} from "./session-rows.js";

/** Choices before a run: matrix, quality, cells, sampling; they write the session's view. */
export interface RunSettings {
  readonly element: HTMLElement;
  open(file: OpenedFile): void;
  close(): void;
  /** The button and the times anew: a run began or ended, results came, a file went. */
  refresh(): void;
}

/** What the settings tell. */
export interface RunSettingsHost {
  /** The run button was pressed. */
  run(): void;
  /** Another matrix, or another column of gene names, was chosen: the file must be opened with it. */
  picked(): void;
}

/** Files of no more cells are run as they are, so their choices are folded up. */
const fewCells = 300;

/** The form. "Run" runs what is missing; once all is there it becomes "Run again". */
export function runSettings(session: Session, host: RunSettingsHost): RunSettings {
  const runButton = h("button", {type: "button", class: "wb-button wb-button-main", onclick: host.run}, "Run");
  const link = h(
    "button",
    {type: "button", class: "wb-button", onclick: () => void copyLink()},
    "Copy link to this view"
  );
  const said = h("span", {class: "wb-small", role: "status"});
  const sampling = h(
    "select",
    {"aria-label": "Sampling", onchange: () => session.change({sampling: sampling.value as Sampling})},
    h("option", {value: "reference"}, "as UCE-brain: 1,024 independent draws"),
    h("option", {value: "low-variance"}, "low-variance: systematic draws, less noise")
  );
  const seeds = seedRuleChoice(session);
  const average = h("select", {
    "aria-label": "Samplings averaged",
    onchange: () => session.change({average: Number(average.value)})
  });
  const matrices = h("div");
  const quality = qualityView("not measured yet");
  const qualityFold = h("details", {}, h("summary", {}, "Quality control: no thresholds"), quality);
  const cellsBox = h("div");
  const choices = h(
    "details",
    {class: "wb-choices"},
    h("summary", {}, "Cells"),
    cellsBox,
    h(
      "div",
      {class: "wb-fields"},
      h("label", {class: "wb-field"}, "Sampling", sampling),
      h("label", {class: "wb-field"}, "Samplings averaged", average),
      seeds
    )
  );
  const element = h(
    "div",
    {class: "wb-settings", hidden: true},
    matrices,
    qualityFold,
    choices,
    h("div", {class: "wb-actions wb-actions-left"}, runButton, link, said)
  );
  let choice: CellChoice | null = null;
  let measuring: AbortController | null = null;

  async function copyLink(): Promise<void> {
    const words =
      session.view.data === "demo"
        ? "Link copied."
        : "Link copied. It holds choices, not data: who opens it needs the same file.";
    await navigator.clipboard.writeText(location.href).then(
      () => setText(said, words),
      () => setText(said, `The address of this page is the link: ${location.href}`)
    );
  }

  async function measure(): Promise<void> {
    measuring?.abort();
    const mine = (measuring = new AbortController());
    quality.update("Reading the counts of every cell …");
    try {
      const found = await session.quality({
        signal: mine.signal,
        onProgress: (done, total) => quality.update(`Reading the counts of every cell: ${formatShare(done / total)}`)
      });
      if (measuring === mine) quality.update(found);
    } catch (error) {
      if (measuring === mine && !isAbort(error)) quality.update(noticeOf(error).message);
    }
  }

  qualityFold.addEventListener("toggle", () => {
    if (qualityFold.open && session.file !== null) void measure();
  });
  quality.addEventListener("input", (event) => {
    if (event.target !== quality) return;
    session.change({...quality.value});
    nameQuality();
  });

  function nameQuality(): void {
    const n = Object.values(quality.value).filter((threshold) => threshold !== null).length;
    setText(
      qualityFold.querySelector("summary")!,
      `Quality control: ${n === 0 ? "no thresholds" : n === 1 ? "1 threshold" : `${n} thresholds`}`
    );
  }

  /** Powers of two, and the view's own number if it is another. */
  function showAverage(): void {
    const {average: now} = session.view;
    const offered = [...new Set([1, 2, 4, 8, now])].sort((a, b) => a - b);
    average.replaceChildren(
      ...offered.map((n) =>
        h("option", {value: n}, n === 1 ? "1, as UCE-brain" : `mean of ${n}, in ${n} times the time`)
      )
    );
    average.value = String(now);
  }

  function nameChoices(): void {
    const {average: many, sampling: how, seeds: rule} = session.view;
    const cells = cellsOf(session.view);
    const all = session.file?.cellIds.length ?? 0;
    const chosen =
      cells.mode === "all" || cells.n >= all
        ? `all ${formatCount(all, "cell")}`
        : `${formatInteger(cells.n)} of ${formatCount(all, "cell")}, ${cells.mode === "random" ? "at random" : `spread over ${cells.column}`}`;
    setText(
      choices.querySelector("summary")!,
      `Cells: ${chosen}; ${how === "reference" ? "genes drawn as UCE-brain draws them" : "low-variance draws of genes"}${many > 1 ? `; mean of ${many} samplings` : ""}${rule === "name" ? "; seeds from names (not the reference)" : ""}`
    );
  }

  const msPerCell = (): number | null => {
    const pace = rememberedPace(session.model?.hash ?? "");
    return pace === null ? null : pace * session.view.average;
  };
  const choiceData = (file: OpenedFile) => ({
    nCells: file.cellIds.length,
    obsColumns: stratifiable(file),
    msPerCell: msPerCell()
  });

  function refresh(): void {
    const {file} = session;
    runButton.disabled = file === null || file.inspection.problems.some(({severity}) => severity === "error");
    if (file === null) return;
    setText(runButton, session.results.has("umap") ? "Run again" : "Run");
    sampling.value = session.view.sampling;
    seeds.update();
    showAverage();
    choice?.update(choiceData(file));
    nameChoices();
  }

  return {
    element,
    refresh,
    open(file) {
      const {inspection} = file;
      const {cells, minCounts, minGenes, maxMito} = session.view;
      const picker = matrixPicker(matrixRows(inspection), inspection.matrix.name, {
        reason: inspection.matrix.reason,
        anyMatrix: true
      });
      picker.addEventListener("choose", (event) => {
        session.change({matrix: (event as CustomEvent<string>).detail});
        host.picked();
      });
      const summary = h(
        "summary",
        {},
        `Matrix: ${inspection.matrix.name ?? "none"}; gene names: ${inspection.genes.source}`
      );
      const misnamed = inspection.problems.some(
        ({code}) => code === "no-gene-in-common" || code === "better-gene-column"
      );
      const hadFocus = matrices.contains(document.activeElement);
      matrices.replaceChildren(
        h(
          "details",
          {open: !inspection.matrix.isCounts || misnamed},
          summary,
          picker,
          geneColumnChoice(session, host.picked)
        )
      );
      // A choice that was made, or came by a link, holds; otherwise the form knows how many cells are sensible for a first look.
      choice = cellChoice(choiceData(file), cells ?? undefined);
      if (JSON.stringify(choice.value) !== JSON.stringify(cellsOf(session.view))) session.change({cells: choice.value});
      choice.addEventListener("input", () => session.change({cells: choice!.value}));
      cellsBox.replaceChildren(choice);
      quality.value = {minCounts, minGenes, maxMito};
      measuring?.abort();
      measuring = null;
      qualityFold.open = hasThresholds(session.view);
      if (!qualityFold.open) quality.update("not measured yet");
      nameQuality();
      choices.open = file.cellIds.length > fewCells;
      setText(said, "");
      element.hidden = false;
      refresh();
      if (hadFocus) summary.focus({preventScroll: true});
    },
    close() {
      element.hidden = true;
      measuring?.abort();
    }
  };
}
