import type {ProbabilitySpread} from "../core/cells/probability-spread.js";
import {distributionView} from "./distribution-view.js";
import {extend, h} from "./dom.js";
import {formatCount} from "./format.js";

/** What the figures show: spread over cells, and the row that is pointed out (null: none). */
export interface SpreadData extends ProbabilitySpread {
  complete: boolean;
  row: number | null;
}

/** Two histograms; null empties them, with a word about why. */
export type SpreadFigures = HTMLElement & {update(data: SpreadData | null, waiting?: string): void};

/** How even the probabilities of cells are: their effective number of genes, and the largest probability of each cell. */
export function spreadFigures(): SpreadFigures {
  const effective = distributionView();
  const largest = distributionView();
  return extend(h("div", {class: "wb-pair"}, effective, largest), {
    update(data: SpreadData | null, waiting = "") {
      if (data === null) return [effective, largest].forEach((view) => view.update(null, waiting));
      const {rows, complete, without, row} = data;
      const at = row === null ? -1 : rows.indexOf(row);
      const marker = (values: Float64Array) =>
        at < 0 ? null : {value: values[at], label: `row ${rows[at]}, the cell above`};
      const left =
        without === 0
          ? ""
          : ` ${formatCount(without, "cell")} without probabilities ${without === 1 ? "is" : "are"} left out.`;
      const pointed = at < 0 ? "" : " The dashed line is the cell above.";
      const caption = `${complete ? "" : "A sample of "}${formatCount(rows.length, "cell")}.${left}${pointed}`;
      effective.update({
        title: "Effective number of genes of each cell",
        values: data.effective,
        axis: "effective number of genes",
        low: 0,
        caption,
        other: {
          values: data.effectiveIfLogged,
          name: "if the file were log-normalized",
          ownName: "as it is, from counts"
        },
        marker: marker(data.effective)
      });
      largest.update({
        title: "Largest probability of each cell",
        values: data.largest,
        axis: "probability of the cell's most probable gene",
        format: "share",
        low: 0,
        caption,
        marker: marker(data.largest)
      });
    }
  });
}
