import type {FileFacts} from "../core/stages/file-facts.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {logCounts} from "../core/cells/log-counts.js";
import {isAbort} from "../core/errors.js";
import {bound} from "../views/address-input.js";
import {colorableColumns, columnColors, largestColored} from "../views/color-column.js";
import {type ColorScale, colorScale, plainScale} from "../views/color-scale.js";
import {extend, h, send, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatNumber} from "../views/format.js";
import type {Coloring} from "../views/linked-maps.js";
import {noticeOf} from "../views/notice-list.js";
import {colorFields} from "./color-fields.js";
import type {GeneSource} from "./gene-source.js";
import {likeliestTypes} from "./opened-file.js";

/** What cells are colored by, as an input. While a gene's counts are read, its value is still the one before. */
export type ColorInput = HTMLElement & {
  readonly value: Coloring;
  /** Where genes are read from now; null: nowhere. A gene that is shown is read from there. */
  from(genes: GeneSource | null): void;
  /**
   * Offers what was made on the page (clusters, labels, saved selections) beside the file's columns, by a name of it: a column of all cells of the file, or
   * their colors. Offered again it is colored anew; null takes it away. In the address it is "made:NAME".
   */
  offer(name: string, made: ObsColumn | ColorScale | null): void;
  /** Colors by something else, as a person would: "obs:NAME", "gene:SYMBOL", "made:NAME". */
  choose(by: string): void;
};

/** How a gene's counts become colors. */
type GeneScale = "log" | "raw";
const geneScales: Record<GeneScale, string> = {log: "log-normalized", raw: "raw counts"};

/**
 * A list of a file's columns and a field for a gene. Bound to the address ("color": "obs:NAME", "gene:SYMBOL", "made:NAME", "" for nothing; "scale":
 * "raw" for a gene's counts as the file has them, which are log-normalized otherwise).
 */
export function colorInput({obs, cellIds}: Pick<FileFacts, "obs" | "cellIds">): ColorInput {
  const columns = colorableColumns(obs, cellIds.length);
  const groups = columns.filter(({kind}) => kind === "categorical" || kind === "text");
  const first = likeliestTypes(groups) ?? columns[0];
  const usual = first === undefined ? "" : `obs:${first.name}`;
  const words = h("span", {class: "wb-color-words", role: "status"});
  const stop = h("button", {type: "button", class: "wb-link", hidden: true, onclick: () => task.abort()}, "Cancel");
  const fields = bound<string, ReturnType<typeof colorFields>>(
    colorFields(columns, (said) => setText(words, said)),
    {
      name: "color",
      default: usual,
      parse: (text) =>
        /^$|^(gene|made):./.test(text) || columns.some(({name}) => `obs:${name}` === text) ? text : undefined
    }
  );
  const scale = scaleField();
  const scaleLabel = h("label", {class: "wb-field", hidden: true}, "shown as", scale);
  const state = h("span", {class: "wb-color-state"}, words, stop);
  const root = h("div", {class: "wb-fields wb-color"}, fields, scaleLabel, state);
  let genes: GeneSource | null = null;
  let task = new AbortController();
  const made = new Map<string, ColorScale>();
  let value = ofColumn(/^(gene|made):/.test(fields.value) ? usual : fields.value);

  function ofColumn(by: string): Coloring {
    const column = columns.find(({name}) => by === `obs:${name}`);
    const scale = made.get(by) ?? (column === undefined ? plainScale(cellIds.length) : columnColors(column));
    const folded = scale.kind === "categorical" ? scale.folded : 0;
    setText(words, folded > 0 ? foldedWords(scale.title, folded) : "");
    return {by, scale, describe: () => null};
  }

  async function take(): Promise<void> {
    task.abort();
    const {signal} = (task = new AbortController());
    stop.hidden = true;
    const by = fields.value;
    scaleLabel.hidden = !by.startsWith("gene:");
    // It may be made later; the colors before stay until then.
    if (by.startsWith("made:") && !made.has(by)) return;
    if (!by.startsWith("gene:")) return tell(ofColumn(by));
    const gene = by.slice("gene:".length);
    if (genes === null) return setText(words, "A gene is shown once a matrix of counts is chosen.");
    try {
      setText(words, `Reading ${gene} …`);
      stop.hidden = false;
      const reading = (what: string) => (done: number, total: number) => {
        if (!signal.aborted) setText(words, `Reading ${what} … ${10 * Math.floor((10 * done) / total)} %`);
      };
      const counts = await genes.counts(gene, {signal, onProgress: reading(gene)});
      const isRaw = scale.value === "raw";
      const totals = isRaw ? null : await genes.totals({signal, onProgress: reading("all counts of the cells")});
      if (signal.aborted) return;
      const cells = counts.reduce((n, count) => n + Number(count > 0), 0);
      setText(
        words,
        `${formatInteger(cells)} of the file's ${formatCount(counts.length, "cell")} have counts of ${gene}.`
      );
      tell(ofGene(gene, counts, totals));
    } catch (error) {
      if (signal === task.signal) setText(words, isAbort(error) ? `${gene} was given up.` : noticeOf(error).message);
    } finally {
      if (signal === task.signal) stop.hidden = true;
    }
  }

  function tell(next: Coloring): void {
    if (next.by === value.by && next.scale === value.scale) return;
    value = next;
    send(root, "input");
  }

  fields.addEventListener("input", (event) => event.target === fields && void take());
  scale.addEventListener("input", () => void take());
  // What happens in it is its own affair, but for another coloring.
  root.addEventListener("input", (event) => event.target !== root && event.stopPropagation());
  return extend(root, {
    get value() {
      return value;
    },
    from(next: GeneSource | null) {
      genes = next;
      fields.complete(next);
      if (fields.value.startsWith("gene:")) void take();
    },
    offer(name: string, given: ObsColumn | ColorScale | null) {
      const by = `made:${name}`;
      if (given === null) made.delete(by);
      else made.set(by, "light" in given ? given : columnColors(given));
      fields.offer([...made.keys()]);
      if (fields.value === by && given === null) fields.value = usual;
      if (fields.value === by || value.by === by) void take();
    },
    choose(by: string) {
      fields.value = by;
      send(fields, "input");
    }
  });
}

function scaleField(): HTMLSelectElement {
  const options = Object.entries(geneScales).map(([value, words]) => h("option", {value}, words));
  const field = h("select", {"aria-label": "Scale of a gene's counts"}, options);
  return bound<string, HTMLSelectElement>(field, {name: "scale", default: "log"});
}

/** Colors by a gene: log-normalized by the cells' totals, or raw where those are null. */
function ofGene(gene: string, counts: Float32Array, totals: Float64Array | null): Coloring {
  const values = totals === null ? Float64Array.from(counts) : logCounts(counts, totals);
  const unit = totals === null ? "raw counts" : "log(1 + counts per 10,000)";
  return {
    by: `gene:${gene}`,
    scale: colorScale({name: gene, kind: "number", values}, {unit, from: 0, zero: "not detected", title: gene}),
    describe: (row) => [
      gene,
      totals === null
        ? formatCount(counts[row], "count")
        : `${formatNumber(values[row])} (${formatCount(counts[row], "count")})`
    ]
  };
}

function foldedWords(column: string, folded: number): string {
  return `${column} has ${formatCount(largestColored + folded, "group")}: the ${largestColored} largest have colors, the other ${folded} share one gray.`;
}
