import {sameRows} from "../core/cells/same-rows.js";
import type {Table} from "apache-arrow";
import type {MadeColumns} from "../core/away/made-columns.js";
import type {MarkerFacts} from "../core/questions/markers.js";
import {presetSets} from "../core/genesets/preset-sets.js";
import {markers} from "../core/stages/markers-stage.js";
import type {Counts, OpenFile, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {answerFacts} from "../core/tables/answer-facts.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {readFloat64, readFullText, readInt32} from "../core/tables/read-columns.js";
import {bound} from "../views/address-input.js";
import {extend, h} from "../views/dom.js";
import {markerTable, type MarkerRow, type MarkerTableData} from "../views/marker-table.js";
import {answerRun} from "./answer-run.js";
import type {ColorInput} from "./color-input.js";
import {groupColumns} from "./column-input.js";
import {genePictures} from "./gene-pictures.js";
import type {GeneSource} from "./gene-source.js";
import {largestGroups, selectionGroups} from "./group-choice.js";

/** What markers are sought of. */
export interface MarkedCells {
  file: OpenFile;
  genes: GeneSource | null;
  /** Selected rows of the file, ascending; null for none. */
  selected: Int32Array | null;
  /** Selections with names that they can be compared with. */
  saved?: readonly {name: string; rows: Int32Array}[];
  /** Columns that were made on the page (clusters, labels), by which genes can be shown. */
  made?: readonly (MadeColumns | null)[];
  colors?: ColorInput;
}

/** Markers of the selected cells: what they are compared with, the table of genes, and pictures of the leading ones. */
export type MarkerPanel = HTMLElement & {follow(counts: Counts, marked: MarkedCells & Wish): void};

/** Markers among no more cells than this are sought unasked: a second or two. */
const fewCells = 5000;
/** Genes of the dot plot. */
const pictured = 8;
/** Sets of `presetSets` that can be left out of the list. */
const leftOut = ["ribosomal proteins", "mitochondrial genes"];
const none = "Select cells on the map to see which genes set them apart.";

/** The panel, for no cells. A gene that is pressed colors the map, and is shown by group. */
export function markerPanel(): MarkerPanel {
  const {against, donors, groups, plain, fields} = markerFields();
  const run = answerRun({verb: "Find markers"});
  const table = markerTable();
  const pictures = genePictures();
  const root = h(
    "section",
    {class: "wb-card wb-marker-panel", "aria-label": "Markers of the selected cells"},
    fields,
    run,
    table,
    pictures
  );
  let now: {counts: Counts; marked: MarkedCells; signal: AbortSignal} | null = null;
  let all: MarkerTableData | null = null;
  let found: MarkerTableData | null = null;
  let gene: string | null = null;
  let opened: string | null = null;

  function ask(): void {
    if (now === null) return;
    const {counts, marked, signal} = now;
    const {selected, saved = [], file} = marked;
    clear(selected === null ? none : "");
    if (selected === null) return run.rest("");
    const other = saved.find(({name}) => name === against.value);
    const answer = markers(counts, {rows: selected, against: other?.rows ?? null, donors: donors.value || null});
    const how = {signal, unasked: file.cellIds.length <= fewCells, doing: "Comparing genes"};
    void run.ask(answer, how).then((rows) => {
      if (rows === null) return;
      all = dataOf(rows);
      show();
    });
  }

  function clear(why: string): void {
    all = found = null;
    table.update(null, why);
    pictures.show(null, {waiting: "Leading genes are drawn here once cells are selected."});
  }

  function show(): void {
    if (all === null) return;
    found = plain.checked ? withoutHousekeeping(all) : all;
    gene = found.rows[0]?.gene ?? null;
    table.update(found);
    void draw();
  }

  async function draw(): Promise<void> {
    if (now === null || found === null || now.marked.genes === null) return;
    const {counts, marked, signal} = now;
    const {genes: source, selected, saved = [], file} = marked;
    const column = [...madeOf(marked), ...groupColumns(file)].find(({name}) => name === groups.value);
    const other = saved.find(({name}) => name === against.value);
    const others = other?.rows ?? (column ? null : await rowsOf(counts, signal));
    if (signal.aborted || found === null) return;
    const compared = {others, name: other?.name ?? "other cells", cells: file.cellIds.length};
    const codes = column ? largestGroups(column) : selectionGroups(selected!, compared);
    const genes = found.rows.slice(0, pictured).map((row) => row.gene);
    pictures.show({counts, source: source!, genes, gene, groups: codes}, {signal});
  }

  function offer(marked: MarkedCells): void {
    const {file, saved = []} = marked;
    fillSelect(against, [["", "all other cells"], ...saved.map(({name}): Option => [name, name])]);
    const columns = groupColumns(file).map(({name}): Option => [name, name]);
    const own = madeOf(marked).map(({name}): Option => [name, name]);
    fillSelect(groups, [["", "selected and others"], ...own, ...columns]);
    if (opened === file.identity) return;
    opened = file.identity;
    fillSelect(donors, [["", "none named"], ...columns]);
    bound<string, HTMLSelectElement>(donors, {name: "donors", default: ""});
  }

  against.addEventListener("change", ask);
  donors.addEventListener("change", ask);
  groups.addEventListener("change", () => void draw());
  plain.addEventListener("input", show);
  table.addEventListener("gene", (event) => {
    gene = (event as CustomEvent<{gene: string}>).detail.gene;
    table.look(gene);
    now?.marked.colors?.choose(`gene:${gene}`);
    void draw();
  });
  clear(none);
  return extend(root, {
    follow(counts: Counts, {signal, invalidation, ...marked}: MarkedCells & Wish) {
      const isSame =
        now !== null && sameRows(now.marked.selected, marked.selected) && now.counts.address === counts.address;
      const wanted = wishSignal({signal, invalidation}) ?? new AbortController().signal;
      now = {counts, marked, signal: wanted};
      offer(marked);
      if (isSame && found !== null) return void draw();
      ask();
    }
  });
}

/** What markers are compared with and shown by. */
function markerFields() {
  const against = h("select", {"aria-label": "Compare with"});
  const donors = h("select", {"aria-label": "Column of donors"});
  const groups = h("select", {"aria-label": "Show genes by"});
  const plain = bound(h("input", {type: "checkbox"}), {
    name: "leave_out",
    parse: (text) => text === "rp-mt",
    format: (isOn: boolean) => (isOn ? "rp-mt" : null)
  });
  const field = (words: string, input: HTMLElement) => h("label", {class: "wb-field"}, words, input);
  const fields = h(
    "div",
    {class: "wb-fields"},
    field("Against", against),
    field("Donors", donors),
    field("Pictures by", groups),
    h("label", {class: "wb-field"}, plain, "without ribosomal and mitochondrial genes")
  );
  return {against, donors, groups, plain, fields};
}

/** The same without genes of ribosomal proteins and mitochondria, which depth and stress of the cells move. They are tested all the same. */
function withoutHousekeeping(data: MarkerTableData): MarkerTableData {
  const sets = presetSets(data.rows.map(({gene}) => gene));
  const left = new Set(sets.flatMap(({name, genes}) => (leftOut.includes(name) ? genes : [])));
  const rows = data.rows.filter(({gene}) => !left.has(gene));
  return {...data, rows, leftOut: data.rows.length - rows.length};
}

/** Rows of a stage's cells, as its table has them; null, for all of the file, where that is not to be had. */
async function rowsOf(counts: Counts, signal: AbortSignal): Promise<Int32Array | null> {
  try {
    return readInt32(await counts.table({signal}), "row");
  } catch {
    return null;
  }
}

const madeOf = ({made = []}: MarkedCells): ObsColumn[] => made.flatMap((one) => one?.columns ?? []);

type Option = [value: string, words: string];

/** Gives a list its options, and keeps what is chosen as long as it is among them. */
function fillSelect(select: HTMLSelectElement, options: readonly Option[]): void {
  const {value} = select;
  select.replaceChildren(...options.map(([name, words]) => h("option", {value: name}, words)));
  select.value = options.some(([name]) => name === value) ? value : (options[0]?.[0] ?? "");
}

function dataOf(table: Table): MarkerTableData {
  const genes = readFullText(table, "gene");
  const [auc, q, change] = ["auc", "q", "log2_fold_change"].map((name) => readFloat64(table, name));
  const [shareIn, shareOut] = ["share_in", "share_out"].map((name) => readFloat64(table, name));
  const higher = table.getChild("donors_higher") === null ? null : readInt32(table, "donors_higher");
  const rows = genes.map((gene, i): MarkerRow => ({
    gene,
    auc: auc[i],
    q: q[i],
    log2FoldChange: change[i],
    shareIn: shareIn[i],
    shareOut: shareOut[i],
    donorsHigher: higher?.[i] ?? null
  }));
  return {rows, ...answerFacts<MarkerFacts>(table)!};
}
