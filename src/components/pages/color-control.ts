import {isAbort, WorkbookError} from "../core/errors.js";
import type {ObsColumn} from "../core/tables/cells.js";
import type {WorkbookClient} from "../runtime/browser/client.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {type ColorScale, colorScale, plainScale} from "../views/color-scale.js";
import {h, setText, uniqueId} from "../views/dom.js";
import {formatCount, formatNumber} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import {likeliestTypes} from "./opened-file.js";

/** What cells are colored by: "obs:NAME", "gene:SYMBOL", or "" for nothing. */
export type Color = string;

/** Chooses an obs column or a gene. */
export interface ColorControl {
  readonly element: HTMLElement;
  /** Another file; `color` null leaves the choice to the control: a column of cell types if there is one. */
  open(file: OpenedFile, color: Color | null, geneColumn: string | null): void;
  close(): void;
  value: Color;
  /** Colors of all cells of the file by what was chosen last and is known. */
  readonly scale: ColorScale;
  /** The chosen gene's line for the tooltip of a cell; null if cells are colored by a column. */
  describe(row: number): [name: string, value: string] | null;
  dispose(): void;
}

/** Whom a control asks and tells. */
export interface ColorHost {
  ask: WorkbookClient["ask"];
  /** Another color was chosen (a gene's counts may still be on their way). */
  onColor(color: Color): void;
  /** The scale is another. */
  onScale(scale: ColorScale): void;
}

/** Groups with colors of their own where there are more than the palette has. */
const largest = 49;
const offered = 20;
const keptGenes = 12;

/** A list of the file's columns and a field for a gene, which completes what is typed with the file's genes. */
export function colorControl({ask, onColor, onScale}: ColorHost): ColorControl {
  const listId = uniqueId("genes");
  const column = h("select", {"aria-label": "Column to color by"});
  const gene = h("input", {
    type: "text",
    list: listId,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "symbol, then Enter",
    "aria-label": "Gene to color by"
  });
  const list = h("datalist", {id: listId});
  const words = h("span", {class: "wb-color-words", role: "status"});
  const stop = h("button", {type: "button", class: "wb-link", hidden: true, onclick: () => task?.abort()}, "Cancel");
  const element = h(
    "div",
    {class: "wb-fields wb-color"},
    h("label", {class: "wb-field"}, "Color by", column),
    h("label", {class: "wb-field"}, "or a gene", gene),
    list,
    h("span", {class: "wb-color-state"}, words, stop)
  );
  let file: OpenedFile | null = null;
  let geneColumn: string | null = null;
  let matrix: string | null = null;
  let value: Color = "";
  let scale: ColorScale = plainScale(0);
  let names: Promise<string[]> | null = null;
  let task: AbortController | null = null;
  let shownGene: {symbol: string; counts: Float32Array} | null = null;
  const known = new Map<string, Float32Array>();
  const scales = new WeakMap<ObsColumn, ColorScale>();

  function choose(next: Color): void {
    task?.abort();
    task = null;
    stop.hidden = true;
    value = next;
    column.value = next.startsWith("gene:") ? "gene:" : next;
    if (!next.startsWith("gene:")) gene.value = "";
    if (file === null) return;
    if (next.startsWith("gene:")) void showGene(next.slice(5));
    else showColumn(file.obs.find(({name}) => `obs:${name}` === next));
  }

  function showColumn(obs: ObsColumn | undefined): void {
    shownGene = null;
    const found = obs === undefined ? plainScale(file!.cellIds.length) : scaleOf(obs);
    setText(
      words,
      found.kind === "categorical" && found.folded > 0
        ? `${found.title} has ${formatCount(largest + found.folded, "group")}: the ${largest} largest have colors, the other ${found.folded} share one gray.`
        : ""
    );
    onScale((scale = found));
  }

  /** The colors of a column, made once: going back to a column is then quick. */
  function scaleOf(obs: ObsColumn): ColorScale {
    let found = scales.get(obs) ?? colorScale(obs);
    if (
      found.kind === "categorical" &&
      found.folded > 0 &&
      found.entries.filter(({kind}) => kind === "category").length > largest
    ) {
      found = colorScale(obs, {maxCategories: largest});
    }
    scales.set(obs, found);
    return found;
  }

  async function showGene(symbol: string): Promise<void> {
    gene.value = symbol;
    const mine = (task = new AbortController());
    try {
      const counts = known.get(symbol) ?? (await fetchCounts(symbol, mine.signal));
      if (task !== mine) return;
      remember(symbol, counts);
      shownGene = {symbol, counts};
      const cells = counts.reduce((n, count) => n + Number(count > 0), 0);
      setText(
        words,
        `${formatCount(cells, "cell")} of ${formatCount(counts.length, "cell")} have counts of ${symbol}.`
      );
      onScale(
        (scale = colorScale(
          {name: symbol, kind: "number", values: Float64Array.from(counts)},
          {log: true, unit: "counts", title: symbol}
        ))
      );
    } catch (error) {
      if (task === mine) setText(words, isAbort(error) ? `${symbol} was given up.` : noticeOf(error).message);
    } finally {
      if (task === mine) stop.hidden = true;
    }
  }

  async function fetchCounts(symbol: string, signal: AbortSignal): Promise<Float32Array> {
    setText(words, `Reading ${symbol} …`);
    stop.hidden = false;
    const request = {gene: symbol, matrix: requireMatrix(), geneColumn, rows: null};
    const onProgress = (done: number, total: number): void =>
      setText(words, `Reading ${symbol} … ${10 * Math.floor((10 * done) / total)} %`);
    return (await ask("geneCounts", request, {signal, onProgress})).counts;
  }

  function requireMatrix(): string {
    if (matrix !== null) return matrix;
    throw new WorkbookError({
      domain: "matrix",
      code: "no-counts",
      fault: "this file has no matrix of counts",
      remedy: "choose a matrix first"
    });
  }

  function remember(symbol: string, counts: Float32Array): void {
    known.delete(symbol);
    known.set(symbol, counts);
    if (known.size > keptGenes) known.delete([...known.keys()][0]);
  }

  /** Names of the file's genes, asked for once. */
  function genes(): Promise<string[]> {
    if (names === null) {
      const asked = (names = ask("geneNames", {matrix: requireMatrix(), geneColumn}).then(({names: found}) => [
        ...new Set(found)
      ]));
      asked.catch((error: unknown) => {
        if (names === asked) names = null;
        setText(words, noticeOf(error).message);
      });
    }
    return names;
  }

  async function complete(): Promise<void> {
    const typed = gene.value.trim().toUpperCase();
    if (file === null || typed === "") return list.replaceChildren();
    const all = await genes().catch((): string[] => []);
    list.replaceChildren(...matches(all, typed).map((name) => h("option", {value: name})));
  }

  async function take(): Promise<void> {
    const typed = gene.value.trim();
    if (file === null || typed === "" || value === `gene:${typed}`) return;
    const all = await genes().catch((): string[] => []);
    const found = all.includes(typed) ? typed : all.find((name) => name.toUpperCase() === typed.toUpperCase());
    if (found === undefined) return setText(words, `This file has no gene called ${typed}.`);
    choose(`gene:${found}`);
    onColor(value);
  }

  column.addEventListener("change", () => {
    if (column.value === "gene:") return;
    choose(column.value);
    onColor(value);
  });
  gene.addEventListener("input", () => void complete());
  gene.addEventListener("change", () => void take());
  gene.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void take();
  });

  return {
    element,
    open(opened, color, symbols) {
      file = opened;
      geneColumn = symbols;
      matrix = opened.inspection.matrix.name;
      gene.disabled = matrix === null;
      names = null;
      known.clear();
      const columns = opened.obs.filter((candidate) => isColorable(candidate, opened.cellIds.length));
      const fallback = firstColumn(columns);
      column.replaceChildren(
        ...columns.map(({name}) => h("option", {value: `obs:${name}`}, name)),
        h("option", {value: ""}, "(nothing)"),
        h("option", {value: "gene:", hidden: true}, "(a gene)")
      );
      const isThere =
        color !== null &&
        (color === "" || color.startsWith("gene:") || columns.some(({name}) => `obs:${name}` === color));
      choose(isThere ? color : fallback === undefined ? "" : `obs:${fallback.name}`);
      // A gene takes a while: until then the cells are colored by what is at hand.
      if (value.startsWith("gene:"))
        onScale((scale = fallback === undefined ? plainScale(opened.cellIds.length) : scaleOf(fallback)));
    },
    close() {
      choose("");
      file = null;
      column.replaceChildren();
      setText(words, "");
      onScale((scale = plainScale(0)));
    },
    get value() {
      return value;
    },
    set value(next: Color) {
      if (next !== value) choose(next);
    },
    get scale() {
      return scale;
    },
    describe: (row) => (shownGene === null ? null : [shownGene.symbol, formatNumber(shownGene.counts[row])]),
    dispose: () => task?.abort()
  };
}

/** Names that begin with what was typed (in capitals), shortest first, then those that hold it. */
function matches(names: readonly string[], typed: string): string[] {
  const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);
  const begin = names.filter((name) => name.toUpperCase().startsWith(typed)).sort(byLength);
  if (begin.length >= offered) return begin.slice(0, offered);
  const hold = names.filter((name) => name.toUpperCase().indexOf(typed) > 0).sort(byLength);
  return [...begin, ...hold].slice(0, offered);
}

function isColorable(column: ObsColumn, cells: number): boolean {
  return column.kind !== "text" || new Set(column.values).size <= Math.max(50, cells / 2);
}

function firstColumn(columns: readonly ObsColumn[]): ObsColumn | undefined {
  const groups = columns.filter(({kind}) => kind === "categorical" || kind === "text");
  return likeliestTypes(groups) ?? columns[0];
}
