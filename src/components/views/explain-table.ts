import type {ExplainedCells, ExplainedEffect, ExplainedPart} from "../core/explain/gather-explained.js";
import type {VotedLabel} from "../core/reference/vote-labels.js";
import {h} from "./dom.js";
import {formatCount, formatNumber, formatShareInColumn} from "./format.js";
import {tableFigure} from "./table-figure.js";

/** What every change does to a vector, its neighbors and its label, in numbers, the largest move first; other seeds in the last row. */
export function explainTable({parts: all, noise, rows, labels, otherSeeds}: ExplainedCells): HTMLElement {
  const parts = all.filter(({shown}) => shown > 0);
  const [one] = rows.length === 1 && labels !== null ? labels : [null];
  const head = [
    "change",
    "genes",
    "of the draws",
    "moves by",
    "other genes",
    ...(otherSeeds.kept === null ? [] : ["neighbors kept", "other genes"]),
    ...(labels === null ? [] : rows.length === 1 ? ["label"] : ["labels that change", "other genes"])
  ];
  const number = (text: string) => h("td", {class: "wb-number"}, text);
  const kept = ({kept: share}: ExplainedEffect) => (share === null ? null : number(formatShareInColumn(share, 0)));
  const changed = ({changed: share}: ExplainedEffect) =>
    share === null ? null : number(formatShareInColumn(share, 0));
  const labelCells = (part: ExplainedPart) =>
    labels === null
      ? []
      : one !== null
        ? [
            h(
              "td",
              {"data-label": true, "data-changed": part.labels![0].name !== one.name || undefined},
              voted(part.labels![0])
            )
          ]
        : [changed(part), changed(part.others)];
  return tableFigure({
    title: "What changes with it",
    className: "wb-explained",
    head,
    texts: ["label"],
    body: parts.map((part) =>
      h(
        "tr",
        {"data-decides": part.decides},
        h("th", {scope: "row"}, `${part.how === "add" ? "with" : "without"} ${part.name}`),
        number(formatNumber(part.shown)),
        number(formatShareInColumn(part.share, 1)),
        number(part.move.toFixed(3)),
        number(Number.isNaN(part.control) ? "–" : part.control.toFixed(3)),
        kept(part),
        kept(part.others),
        labelCells(part)
      )
    ),
    foot: [
      h(
        "tr",
        {},
        h("th", {scope: "row"}, "other seeds"),
        number(""),
        number(""),
        number(noise.toFixed(3)),
        number(""),
        kept(otherSeeds),
        otherSeeds.kept === null ? null : number(""),
        labels === null
          ? []
          : one !== null
            ? [h("td", {"data-label": true}, seedWords(otherSeeds))]
            : [changed(otherSeeds), number("")]
      )
    ]
  });
}

/** What was found, in a sentence or two. */
export function explainWords({parts, labels, otherSeeds, reach, rows}: ExplainedCells): string {
  const names = (some: readonly ExplainedPart[]) =>
    some.map(({name, how}) => `${how === "add" ? "with" : "without"} ${name}`).join(", ");
  const deciding = parts.filter(({decides}) => decides);
  const found =
    deciding.length === 0
      ? `No change moves the vector both beyond other seeds (${reach.toFixed(3)}) and clearly beyond as many other genes: no one of these decides.`
      : `Beyond other seeds and clearly beyond as many other genes: ${names(deciding)}.`;
  const unseen = parts.filter(({shown}) => shown === 0).map(({name}) => name);
  const none =
    unseen.length === 0 ? "" : ` Not shown by ${rows.length === 1 ? "the cell" : "these cells"}: ${unseen.join(", ")}.`;
  if (labels === null)
    return `${found}${none} No labels are voted on: no column is chosen, and no reference that fits this model.`;
  const changing = parts.filter(({changed}) => changed! > 0);
  const unsteady = otherSeeds.changed! > 0 ? " The label changes with the seed alone, so it is not certain here." : "";
  const before = rows.length === 1 ? `The label is ${voted(labels[0])}. ` : "";
  const change =
    changing.length === 0 ? "No change gives another label." : `Another label: ${changing.map(becomes).join("; ")}.`;
  return `${found}${none} ${before}${change}${unsteady}`;

  function becomes(part: ExplainedPart): string {
    const after = part.labels!.filter(({name}, i) => name !== labels![i].name).map(({name}) => name);
    const most = [...new Set(after)].sort((a, b) => count(after, b) - count(after, a))[0];
    const cells = rows.length === 1 ? "" : ` in ${formatCount(after.length, "cell")}`;
    return `${names([part])} (${most}${cells})`;
  }
}

const voted = ({name, share}: VotedLabel): string => `${name} (${Math.round(15 * share)} of 15)`;
const seedWords = ({changed}: ExplainedEffect): string => (changed === 0 ? "the same" : "another");
const count = (all: readonly string[], one: string): number => all.filter((name) => name === one).length;
