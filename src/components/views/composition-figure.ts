import type {SelectionPart} from "../core/composition/selection-shares.js";
import {extend, h, setText} from "./dom.js";
import {formatInteger, formatShare} from "./format.js";

/** What the figure shows. */
export interface CompositionData {
  /** Name of the column. */
  column: string;
  parts: readonly SelectionPart[];
}

/** What a selection is made of, beside the other cells; `update` gives it another, or none with words about why. */
export type CompositionFigure = HTMLElement & {update(data: CompositionData | null, words?: string): void};

/** Values shown before one asks for more. */
const shownFirst = 12;

/** Bars of shares with their 95 % intervals: the selection's over that of the other cells, a line a value, and the numbers. */
export function compositionFigure(): CompositionFigure {
  const words = h("p", {class: "wb-small"});
  const body = h("div", {class: "wb-scroll", tabindex: 0, role: "region", "aria-label": "Shares by value"});
  const more = h("button", {type: "button", class: "wb-link", hidden: true, onclick: () => ((open = !open), draw())});
  const root = h(
    "section",
    {class: "wb-shares wb-figure-html", "aria-label": "What the selection is made of"},
    words,
    body,
    more
  );
  let data: CompositionData | null = null;
  let open = false;

  function draw(): void {
    const parts = data?.parts ?? [];
    const shown = open ? parts : parts.slice(0, shownFirst);
    body.replaceChildren(...(data === null ? [] : [tableOf(data.column, shown)]));
    more.hidden = parts.length <= shownFirst;
    setText(more, open ? "Fewer" : `${formatInteger(parts.length - shownFirst)} more`);
    more.setAttribute("aria-expanded", String(open));
  }
  return extend(root, {
    update(next: CompositionData | null, said = "") {
      if (next?.column !== data?.column) open = false;
      data = next;
      setText(words, next === null ? said : captionOf(next));
      draw();
    }
  });
}

function captionOf({column, parts}: CompositionData): string {
  const of = (side: "selected" | "others"): number => parts.find((part) => part[side] !== null)?.[side]?.of ?? 0;
  return `Share of cells by ${column}: the ${formatInteger(of("selected"))} selected, over the ${formatInteger(of("others"))} others. Lines are 95 % intervals (Wilson).`;
}

function tableOf(column: string, parts: readonly SelectionPart[]): HTMLElement {
  const number = (text: string, key?: string) =>
    h("th", {scope: "col", class: "wb-number"}, key && h("span", {class: `wb-key ${key}`}), text);
  return h(
    "table",
    {class: "wb-table"},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", {scope: "col"}, column),
        h(
          "td",
          {class: "wb-shares-axis", "aria-hidden": "true"},
          ["0 %", "50 %", "100 %"].map((text) => h("span", {}, text))
        ),
        number("selected", "wb-shares-selected"),
        number("95 % interval"),
        number("others", "wb-shares-others")
      )
    ),
    h("tbody", {}, parts.map(rowOf))
  );
}

function rowOf({value, selected, others}: SelectionPart): HTMLElement {
  const share = (side: SelectionPart["selected"]): string => (side === null ? "–" : formatShare(side.share));
  const cells = selected === null ? "" : `${formatInteger(selected.cells)} of ${formatInteger(selected.of)} cells`;
  return h(
    "tr",
    {},
    h("th", {scope: "row"}, value),
    h("td", {class: "wb-shares-bars", "aria-hidden": "true"}, bar("selected", selected), bar("others", others)),
    h("td", {class: "wb-number", title: cells}, share(selected)),
    h("td", {class: "wb-number wb-shares-interval"}, selected === null ? "–" : intervalOf(selected)),
    h("td", {class: "wb-number"}, share(others))
  );
}

const intervalOf = ({low, high}: {low: number; high: number}): string => `${percent(low)} to ${percent(high)} %`;
const percent = (share: number): string => String(Number((100 * share).toPrecision(share < 0.1 ? 2 : 3)));

/** A bar with its interval as a line over it. */
function bar(kind: "selected" | "others", part: SelectionPart["selected"]): HTMLElement {
  const {share, low, high} = part ?? {share: 0, low: 0, high: 0};
  const style = `--share: ${share.toFixed(4)}; --low: ${low.toFixed(4)}; --high: ${high.toFixed(4)}`;
  return h("span", {class: `wb-shares-bar wb-shares-${kind}`, style}, part === null ? null : h("i"));
}
