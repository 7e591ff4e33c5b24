import type {FileFacts} from "../core/stages/file-facts.js";
import {isAbort} from "../core/errors.js";
import {bound} from "../views/address-input.js";
import {colorableColumns, columnColors, largestColored} from "../views/color-column.js";
import {colorScale, plainScale} from "../views/color-scale.js";
import {extend, h, send, setText} from "../views/dom.js";
import {formatCount, formatNumber} from "../views/format.js";
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
};

/** A list of a file's columns and a field for a gene. Bound to the address ("color": "obs:NAME", "gene:SYMBOL", "" for nothing). */
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
      parse: (text) => (/^$|^gene:./.test(text) || columns.some(({name}) => `obs:${name}` === text) ? text : undefined)
    }
  );
  const root = h("div", {class: "wb-fields wb-color"}, fields, h("span", {class: "wb-color-state"}, words, stop));
  let genes: GeneSource | null = null;
  let task = new AbortController();
  let value = ofColumn(fields.value.startsWith("gene:") ? usual : fields.value);

  function ofColumn(by: string): Coloring {
    const column = columns.find(({name}) => by === `obs:${name}`);
    const scale = column === undefined ? plainScale(cellIds.length) : columnColors(column);
    const folded = scale.kind === "categorical" ? scale.folded : 0;
    setText(words, folded > 0 ? foldedWords(scale.title, folded) : "");
    return {by, scale, describe: () => null};
  }

  async function take(): Promise<void> {
    task.abort();
    const {signal} = (task = new AbortController());
    stop.hidden = true;
    const by = fields.value;
    if (!by.startsWith("gene:")) return tell(ofColumn(by));
    const gene = by.slice("gene:".length);
    if (genes === null) return setText(words, "A gene is shown once a matrix of counts is chosen.");
    try {
      setText(words, `Reading ${gene} …`);
      stop.hidden = false;
      const onProgress = (done: number, total: number): void => {
        if (!signal.aborted) setText(words, `Reading ${gene} … ${10 * Math.floor((10 * done) / total)} %`);
      };
      const counts = await genes.counts(gene, {signal, onProgress});
      if (signal.aborted) return;
      const cells = counts.reduce((n, count) => n + Number(count > 0), 0);
      setText(words, `${formatCount(cells, "cell")} of ${formatCount(counts.length, "cell")} have counts of ${gene}.`);
      tell(ofGene(gene, counts));
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
    }
  });
}

function ofGene(gene: string, counts: Float32Array): Coloring {
  const column = {name: gene, kind: "number" as const, values: Float64Array.from(counts)};
  return {
    by: `gene:${gene}`,
    scale: colorScale(column, {log: true, unit: "counts", title: gene}),
    describe: (row) => [gene, formatNumber(counts[row])]
  };
}

function foldedWords(column: string, folded: number): string {
  return `${column} has ${formatCount(largestColored + folded, "group")}: the ${largestColored} largest have colors, the other ${folded} share one gray.`;
}
