import {extend, h, setText, uniqueId} from "./dom.js";
import {formatCount, formatInteger, formatNumber, formatShare, formatShareInColumn} from "./format.js";
import {pagedTable} from "./paged-table.js";

/** A file's genes and which of them the model knows. */
export interface GeneAlignmentData {
  /** Names of the file's genes, in file order; matched: 1 where the model knows the name, 0 where not. */
  names: readonly string[];
  matched: Uint8Array;
  /** Counts of each gene over the cells looked at; null: not looked at. */
  countsOfGene: Float64Array | null;
  /** Where the names come from. */
  source: string;
}

/** The list of missing and matched genes; null empties it and says `why`. */
export type GeneAlignmentView = HTMLElement & {update(data: GeneAlignmentData | null, why?: string): void};

interface Gene {
  name: string;
  counts: number;
}

/** Genes that the model does not have, or has, by name and by how many of the counts stand on them; a field finds names. */
export function geneAlignmentView(data: GeneAlignmentData | null = null): GeneAlignmentView {
  const group = uniqueId("genes");
  let lists: {missing: Gene[]; matched: Gene[]} = {missing: [], matched: []};
  let total = NaN;
  const summary = h("p", {class: "wb-align-summary"});
  const bar = h("div", {class: "wb-align-bar", "aria-hidden": "true"}, h("i"));
  const choices = (["missing", "matched"] as const).map((name) => {
    const words = h("span", {}, name);
    const input = h("input", {
      type: "radio",
      name: group,
      value: name,
      checked: name === "missing",
      onchange: () => fill()
    });
    return {name, input, words, label: h("label", {class: "wb-field"}, input, words)};
  });
  const search = h("input", {
    type: "search",
    placeholder: "part of a name",
    "aria-label": "Find a gene",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => fill()
  });
  const table = pagedTable<Gene>(
    [
      {name: "Gene", cell: ({name}) => h("code", {}, name)},
      {name: "Counts", number: true, cell: ({counts}) => formatNumber(counts)},
      {name: "Share of all counts", number: true, cell: ({counts}) => formatShareInColumn(counts / total)}
    ],
    {title: "Genes", size: 12, empty: "none"}
  );
  const fill = (): void => {
    const list = lists[choices.find(({input}) => input.checked)!.name];
    const wanted = search.value.trim().toUpperCase();
    table.update(wanted === "" ? list : list.filter(({name}) => name.toUpperCase().includes(wanted)));
  };
  const root = h(
    "section",
    {class: "wb-align"},
    summary,
    bar,
    h(
      "div",
      {class: "wb-align-controls"},
      choices.map(({label}) => label),
      search
    ),
    table
  );
  const update = (next: GeneAlignmentData | null, why = "The file's genes are listed here once it is read."): void => {
    lists = {missing: [], matched: []};
    total = NaN;
    root.dataset.empty = String(next === null);
    if (next === null) {
      setText(summary, why);
      return fill();
    }
    const {names, matched, countsOfGene, source} = next;
    total = countsOfGene === null ? NaN : countsOfGene.reduce((sum, counts) => sum + counts, 0);
    names.forEach((name, i) =>
      lists[matched[i] === 1 ? "matched" : "missing"].push({name, counts: countsOfGene?.[i] ?? NaN})
    );
    for (const list of Object.values(lists)) if (countsOfGene !== null) list.sort((a, b) => b.counts - a.counts);
    const lost = lists.missing.reduce((sum, {counts}) => sum + counts, 0) / total;
    const cost = countsOfGene === null ? "" : ` ${formatShare(lost)} of the counts stand on the others, and are lost.`;
    setText(
      summary,
      lists.missing.length === 0
        ? `The model knows all of the file's ${formatCount(names.length, "gene")} by name (${source}); nothing is lost.`
        : `The model knows ${formatInteger(lists.matched.length)} of the file's ${formatCount(names.length, "gene")} by name (${source}).${cost}`
    );
    choices.forEach(({name, input}) => (input.checked = (name === "missing") === lists.missing.length > 0));
    (bar.firstElementChild as HTMLElement).style.width = `${(100 * lists.matched.length) / Math.max(1, names.length)}%`;
    for (const {name, words} of choices) setText(words, `${name} (${formatInteger(lists[name].length)})`);
    fill();
  };
  update(data);
  return extend(root, {update});
}
