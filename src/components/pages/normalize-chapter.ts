import {cellPicker} from "../views/cell-picker.js";
import {distributionView} from "../views/distribution-view.js";
import {h} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {probabilitiesView} from "../views/probabilities-view.js";
import {chapter} from "./chapter.js";
import {cellOfView, choosesCounts, lacksMatrix, questionOf, rowsNow} from "./chapter-data.js";
import {createSession, type Session} from "./session.js";

/** The parts of the chapter on normalizing, for a page to put between its paragraphs. */
export interface NormalizeChapter {
  session: Session;
  data: HTMLElement;
  /** The field that chooses the cell, and its genes from counts to probabilities. */
  cell: HTMLElement;
  /** How evenly probabilities are spread, over cells. */
  spread: HTMLElement;
  dispose(): void;
}

/** The chapter on normalizing: one cell's probabilities, and all cells'. `demo` gives the embedded demo. */
export function normalizeChapter({demo}: {demo: () => Promise<Blob>}): NormalizeChapter {
  const session = createSession({demo});
  const {client} = session;
  const data = chapter(session);
  const picker = cellPicker();
  const probabilities = probabilitiesView();
  const largest = distributionView();
  const effective = distributionView();
  let row = 0;
  let measured: Awaited<ReturnType<typeof client.ask<"probabilitySpread">>> | null = null;

  function showCell(): Promise<void> {
    const question = questionOf(session);
    if (question.matrix === null) return Promise.resolve();
    return data.ask(
      "cell",
      async (signal) => {
        const rows = await rowsNow(session, signal);
        row = cellOfView(session, rows);
        picker.update(session.file!.cellIds, rows, row);
        showSpread();
        probabilities.update(
          await client.ask(
            "cellSteps",
            {...question, row, sampling: session.view.sampling, seeds: session.view.seeds},
            {signal}
          )
        );
      },
      () => probabilities.update(null, "This cell could not be read; the notice above says why.")
    );
  }

  function measure(): Promise<void> {
    const question = questionOf(session);
    measured = null;
    [largest, effective].forEach((view) => view.update(null, "Normalizing the cells …"));
    if (question.matrix === null) return Promise.resolve();
    return data.ask("spread", async (signal) => {
      measured = await client.ask("probabilitySpread", {...question, rows: await rowsNow(session, signal)}, {signal});
      if (measured === null) {
        const why = "This matrix is large and stored gene by gene: normalizing its cells would mean reading all of it.";
        return [largest, effective].forEach((view) => view.update(null, why));
      }
      showSpread();
    });
  }

  function showSpread(): void {
    if (measured === null) return;
    const {rows, complete, without} = measured;
    const at = rows.indexOf(row);
    const marker = (values: Float64Array) =>
      at < 0 ? null : {value: values[at], label: `row ${rows[at]}, the cell above`};
    const left = without === 0 ? "" : ` ${formatCount(without, "cell")} without probabilities left out.`;
    const of = `${complete ? "" : "A sample of "}${formatCount(rows.length, "cell")}.${left} The dashed line is the cell above.`;
    largest.update({
      title: "Largest probability of a cell",
      values: measured.largest,
      axis: "probability of the most probable gene",
      format: "share",
      low: 0,
      caption: of,
      marker: marker(measured.largest)
    });
    effective.update({
      title: "Effective number of genes",
      values: measured.effective,
      axis: "effective number of genes a cell",
      low: 0,
      caption: of,
      other: {
        values: measured.effectiveIfLogged,
        name: "had the file been logged before",
        ownName: "probabilities as they are"
      },
      marker: marker(measured.effective)
    });
  }

  picker.addEventListener("input", () => session.change({cell: picker.value}));
  const off = session.on({
    file(file) {
      probabilities.update(null, file === null ? "" : "Reading the cell …");
      if (file === null) return;
      void showCell().then(() => measure());
    },
    view(_, keys) {
      if (session.file === null) return;
      const whole = choosesCounts.some((key) => keys.has(key));
      if (whole) void showCell().then(() => measure());
      else if (keys.has("cell")) void showCell();
    }
  });
  const lacks = () => lacksMatrix(session);
  return {
    session,
    data: data.element,
    cell: data.instead(h("div", {}, picker, probabilities), {lacks}),
    spread: data.instead(h("div", {class: "wb-pair"}, effective, largest), {lacks}),
    dispose() {
      off();
      data.dispose();
    }
  };
}
