import {chromosomeName} from "../core/cells/chromosome-name.js";
import {extend, h, send, setText} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount} from "./format.js";
import {rowHeight, type SentenceData, sentencePicture} from "./sentence-picture.js";

export type {SentenceData} from "./sentence-picture.js";

/** "gene" (CustomEvent, detail: place in the sentence of the gene's first token) tells which gene is pointed at. */
export type SentenceView = HTMLElement & {update(data: SentenceData | null, waiting?: string): void};

/**
 * A cell's sentence along the genome: a strip a chromosome, in the shuffled order in which the model reads them, a column of
 * dots where a gene was drawn, one a time. The pointer or the arrow keys go from gene to gene and tell of it.
 */
export function sentenceView(data: SentenceData | null = null, waiting = ""): SentenceView {
  const frame = figureFrame({height: 24 * rowHeight, role: "group"});
  const told = h("p", {class: "wb-sentence-told", role: "status"});
  const root = h("div", {class: "wb-sentence"}, told, frame);
  let at = 0;
  const update = (next: SentenceData | null, why = ""): void => {
    at = 0;
    if (next === null || next.steps.sentence === null) {
      setText(told, "");
      return frame.update(null, why);
    }
    setText(told, hint);
    const {steps} = next;
    const {order, sequence} = steps.sentence!;
    const names = Array.from(order.chromosomes, chromosomeName).join(", ");
    const label = `The sentence of row ${steps.row}: ${formatCount(sequence.length, "token")} on ${formatCount(order.chromosomes.length, "chromosome")}, read in the order ${names}.`;
    frame.update({
      title: `The sentence along the genome: ${formatCount(sequence.length, "token")}`,
      label,
      caption:
        "Chromosomes from top to bottom in the order in which the model reads them, each from its first base pair to the start of its last gene. A column of dots is a gene, a dot is one token of it. The genes that were drawn most often are named, as far as there is room.",
      draw: (width) =>
        sentencePicture(next, width, label, {
          at,
          onPoint(place, words) {
            at = place;
            setText(told, words);
          },
          onChoose: (place) => send(root, "gene", place)
        })
    });
  };

  update(data, waiting);
  return extend(root, {update});
}

const hint = "Point at a gene, or use the arrow keys in the figure.";
