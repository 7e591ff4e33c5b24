import {describedLines, type Description} from "../../core/report/description.js";
import {chromosomeName} from "../../core/cells/chromosome-name.js";
import type {MarkerGene} from "../../core/questions/group-markers.js";
import {colorScale, plainScale, type ColorScale} from "../../views/color-scale.js";
import {formatBytes, formatCount, formatInteger, formatNumber, formatShare} from "../../views/format.js";
import {histogramFigure, mapFigure, type Figure} from "./figures.js";
import {swatch} from "./figure-key.js";
import {escapeHtml} from "../../core/escape-html.js";
import {htmlTable} from "./html.js";
import type {ReportData} from "./report-data.js";
import {slug, slugs} from "./slugs.js";
import {mapMethods, markerTest, publishedItems, trainedNote} from "./report-words.js";

/** A file that the report offers. */
export interface Download {
  name: string;
  words: string;
  bytes: Uint8Array;
}

/** A report's page, ready to be put into a document: sections of HTML and the drawings in them. */
export interface ReportPage {
  title: string;
  sections: {id: string; title: string; html: string}[];
  figures: Figure[];
}

/** What a page is made with beside the data. */
export interface PageOptions {
  title: string | null;
  description: Description;
  downloads: readonly Download[];
  /** Where the cells are open in a workbook, and the size of their file, bytes; null if nowhere. */
  live: {address: string; bytes: number} | null;
  address(file: Download): string;
  /** Files of a drawing, by their kind ("SVG"); none where the page stands alone. */
  files(figure: Figure): {kind: string; address: string}[];
}

/** The page of one file: every section that the data have something for. */
export function reportPage(data: ReportData, options: PageOptions): ReportPage {
  const figures: Figure[] = [];
  const draw = (drawn: Figure): string => {
    // Columns of different names may have one name as files.
    const alike = figures.filter(({name}) => name === drawn.name || name.startsWith(`${drawn.name}-copy-`)).length;
    const figure = alike === 0 ? drawn : {...drawn, name: `${drawn.name}-copy-${alike}`};
    figures.push(figure);
    const link = options
      .files(figure)
      .map(
        ({kind, address}) =>
          ` <a href="${escapeHtml(address)}" download aria-label="${kind}: ${escapeHtml(figure.title)}">${kind}</a>`
      )
      .join("");
    return `<figure id="${figure.name}">${figure.svg}<figcaption>${escapeHtml(figure.title)}.${link}${figure.legend}</figcaption></figure>`;
  };
  const sections = [
    {id: "overview", title: "Overview", html: overview(data, options)},
    {id: "maps", title: "Maps", html: maps(data, draw)},
    {id: "groups", title: "Groups and their genes", html: groups(data)},
    {id: "trust", title: "Can this map be trusted?", html: trust(data)},
    {id: "quality", title: "Quality of cells", html: quality(data, draw)},
    {id: "genes", title: "Genes that the model knows", html: coverage(data, draw)},
    {id: "sentence", title: "One cell's sentence", html: sentence(data)},
    {id: "methods", title: "Methods", html: methods(data, options.description)},
    {id: "reveals", title: "What this page reveals", html: reveals(data, options)},
    {id: "downloads", title: "Downloads", html: downloads(options)}
  ].filter(({html}) => html !== "");
  return {title: options.title ?? options.description.title ?? data.file, sections, figures};
}

function overview(data: ReportData, {description, live}: PageOptions): string {
  const {cells, genesInFile, provenance, model} = data;
  const usable = cells.status.filter((status) => status === "ok").length;
  const facts: [string, string][] = [
    [
      "Cells",
      `${formatInteger(cells.rows.length)}${usable < cells.rows.length ? `, ${formatInteger(usable)} of them with a vector` : ""}`
    ],
    [
      "Genes",
      `${formatInteger(genesInFile)} in the file, ${formatInteger(provenance.genes?.aligned ?? 0)} known to the model`
    ],
    ["Model", model.name],
    ["File", `${provenance.source.name}, ${formatBytes(provenance.source.bytes)}`]
  ];
  const lines = describedLines(description).map(({label, text, href}): [string, string] => [
    label,
    href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}" rel="noopener">${escapeHtml(text)}</a>`
  ]);
  const list = (all: [string, string][]) =>
    all.map(([label, html]) => `<div><dt>${label}</dt><dd>${html}</dd></div>`).join("");
  return [
    description.abstract === undefined ? "" : paragraphs(description.abstract),
    ...trainedNote(data).map((note) => `<p class="note">${escapeHtml(note)}</p>`),
    `<dl class="facts">${list(facts.map(([label, text]): [string, string] => [label, escapeHtml(text)]))}</dl>`,
    live === null
      ? ""
      : `<p><a href="${escapeHtml(live.address)}">Open these cells in the workbook</a>: move and color the map, select cells, run the model in your browser. It fetches the cells (${formatBytes(live.bytes)}) and up to 45 MB of program from this site, and nothing from elsewhere.</p>`,
    lines.length === 0 ? "" : `<dl>${list(lines)}</dl>`
  ].join("");
}

function quality(
  {quality: {totalCounts, nGenes, mitoShare, mitoGenes}}: ReportData,
  draw: (figure: Figure) => string
): string {
  const figures = [
    draw(histogramFigure("quality-counts", "Total counts of each cell", "counts", totalCounts)),
    draw(histogramFigure("quality-genes", "Genes detected in each cell", "genes", nGenes))
  ];
  if (mitoGenes.length > 0) {
    const percent = mitoShare.map((share) => 100 * share);
    figures.push(
      draw(histogramFigure("quality-mitochondrial", "Mitochondrial share of each cell's counts", "%", percent))
    );
  }
  const missing = mitoGenes.length === 0 ? "<p>No gene is called MT-…, so there is no mitochondrial share.</p>" : "";
  return `<p>Few counts or genes hint at an empty droplet, a large mitochondrial share at a dying cell. No cell was removed for it.</p><div class="pair bars">${figures.join("")}</div>${missing}`;
}

function coverage(
  {alignment: {names, matched, countsOfGene, cells}, provenance}: ReportData,
  draw: (figure: Figure) => string
): string {
  const known = matched.reduce((sum, one) => sum + one, 0);
  const words = `<p>${formatInteger(known)} of ${formatCount(names.length, "gene")} (${formatShare(known / Math.max(1, names.length))}) are known to the model, by ${escapeHtml(provenance.genes?.names ?? "their names")}. Counts of the others do not reach it.</p>`;
  if (cells === null || countsOfGene === null) return words;
  const lost = [...names.keys()]
    .filter((g) => matched[g] === 0 && countsOfGene[g] > 0)
    .sort((a, b) => countsOfGene[b] - countsOfGene[a]);
  const all = countsOfGene.reduce((sum, count) => sum + count, 0);
  const percent = cells.lostShare.map((share) => 100 * share);
  const rows = lost.slice(0, 10).map((g) => [names[g], formatShare(countsOfGene[g] / all)]);
  if (lost.length === 0) return words;
  const figure = draw(
    histogramFigure("lost-counts", "Share of each cell's counts on genes that the model lacks", "%", percent)
  );
  const caption = "Genes that the model lacks, by their share of all counts";
  return `${words}<div class="pair bars">${figure}</div>${htmlTable(caption, ["Gene", "Share"], rows, [1])}`;
}

function sentence({sentence: cell}: ReportData): string {
  if (cell === null || cell.sentence === null) return "";
  const {draws, order, sequence} = cell.sentence;
  const times = new Map<number, number>();
  for (const gene of draws) times.set(gene, (times.get(gene) ?? 0) + 1);
  const most = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 12);
  const rows = most.map(([g, count]) => [
    cell.symbols[g],
    formatNumber(cell.counts[g]),
    cell.probabilities[g].toPrecision(3),
    String(count)
  ]);
  const chromosomes = [...order.chromosomes]
    .map((id, i) => `${chromosomeName(id)} (${order.genes[i].length})`)
    .join(", ");
  return `<p>The model reads a cell as a sentence. ${formatInteger(draws.length)} genes are drawn with repeats, a gene the likelier the more counts it has. They are put in the order of their chromosomes. This is the cell in row ${cell.row}, whose total counts are the median: ${formatInteger(cell.nGenes)} genes detected, ${formatInteger(times.size)} different ones drawn, a sentence of ${formatInteger(sequence.length)} tokens.</p>${htmlTable("The genes that were drawn most often", ["Gene", "Counts", "Probability", "Draws"], rows, [1, 2, 3])}<p>Chromosomes in the sentence's order, with the number of draws: ${escapeHtml(chromosomes)}.</p>`;
}

function maps(data: ReportData, draw: (figure: Figure) => string): string {
  const [main, ...others] = data.maps;
  const {columns, genes, cells} = data;
  const scales = [
    ...columns.map((column) => ({id: column.name, scale: colorScale(column)})),
    ...genes.map(({gene, values}) => ({
      id: gene,
      scale: colorScale(
        {name: gene, kind: "number", values},
        {from: 0, zero: "not detected", unit: "log(1 + counts per 10,000)", log: false}
      )
    }))
  ];
  const plain = {id: "cells", scale: plainScale(cells.rows.length)};
  const [first = plain, ...rest] = scales;
  const figure = (map: typeof main, {id, scale}: typeof plain | (typeof scales)[number]) =>
    draw(
      mapFigure(
        slug(`${map.name} ${id}`),
        `${map.name}, ${id === "cells" ? "all cells in one color" : `colored by ${id}`}`,
        map.positions,
        map.places,
        scale
      )
    );
  // Drawings are kept in the order of the page.
  const largest = figure(main, first);
  const more =
    rest.length === 0 ? "" : `<div class="pair maps">${rest.map((scale) => figure(main, scale)).join("")}</div>`;
  const beside = others.map(
    (map) =>
      `<h3>${escapeHtml(map.name)}</h3><p>${escapeHtml(map.words)}</p><div class="main">${figure(map, first)}</div>`
  );
  const groups =
    first.scale.kind === "categorical" && columns.length > 0
      ? " Click a group to see it alone; the address then leads to it."
      : "";
  return `<p>${escapeHtml(main.words)} Axes have no unit, and distances between islands mean little.${groups}</p><div class="main">${largest}</div>${more}${beside.join("")}`;
}

function groups({groups: found, columns, maps: [main]}: ReportData): string {
  if (found === null) return "";
  const column = columns.find(({name}) => name === found.column)!;
  const scale = colorScale(column);
  const labels = scale.kind === "categorical" ? scale.entries.map(({label}) => label) : [];
  const ids = slugs(labels);
  const rows = found.groups.map(({name, cells, genes}) => [
    {
      html: groupLink(
        name,
        scale,
        labels.indexOf(name),
        `${slug(`${main.name} ${found.column}`)}--${ids[labels.indexOf(name)]}`
      )
    },
    formatInteger(cells),
    {html: genes.length === 0 ? "none" : genes.map(markerHtml).join(" ")}
  ]);
  const caption = `Groups of ${found.column}`;
  const table = htmlTable(
    caption,
    [found.column, "Cells", "Leading genes, % of the group's cells / of the others"],
    rows,
    [1],
    slugs(found.groups.map(({name}) => name)).map((id) => `group--${id}`)
  );
  return `<p>For each group, the genes whose mean log(1 + counts per 10,000) lies furthest above that of all other cells, of those that at least a quarter of its cells express. Beside each gene: the share of cells that express it, in the group and elsewhere. ${markerTest}</p>${table}`;
}

function markerHtml({gene, share, shareOthers, q}: MarkerGene): string {
  return `<span class="gene"><b>${escapeHtml(gene)}</b>${q < 0.05 ? "" : "°"} ${Math.round(100 * share)} / ${Math.round(100 * shareOthers)}</span>`;
}

/** A group's name with its color, which leads to its cells on the map; the name alone if the map gathers it with others. */
function groupLink(name: string, scale: ColorScale, k: number, id: string): string {
  if (scale.kind !== "categorical" || scale.entries[k]?.kind !== "category") return escapeHtml(name);
  return `<a href="#${id}">${swatch(`c${k}`, scale.entries[k].light)} ${escapeHtml(name)}</a>`;
}

function trust({scores, fidelity}: ReportData): string {
  const percent = (value: number, error: number) => `${(100 * value).toFixed(1)} ± ${(100 * error).toFixed(1)} %`;
  const rows = scores.flatMap(({labels, model, components}) =>
    (
      [
        ["model", model],
        ["principal components", components]
      ] as const
    ).map(([space, {labels: figures}]) => [
      labels,
      space,
      percent(figures.accuracy, figures.accuracyError),
      percent(figures.macroRecall, figures.macroRecallError),
      `${(100 * figures.majority).toFixed(1)} %`
    ])
  );
  const table =
    rows.length === 0
      ? "<p>No published column groups the cells, so there are no labels to score.</p>"
      : `<p>Each cell's label is voted for by its 5 nearest labeled cells, itself left out. Accuracy is the share of cells classified correctly, macro recall the mean over groups. A model has to beat principal components, and both have to beat always naming the largest group.</p>${htmlTable("Labels among neighbors, with standard errors", ["Column", "Space", "Accuracy", "Macro recall", "Largest group"], rows, [2, 3, 4])}`;
  if (fidelity === null) return table;
  const {
    trust: {value, error, k},
    overlap
  } = fidelity;
  return `${table}<p>Trustworthiness of the map: ${value.toFixed(3)} ± ${error.toFixed(3)} (of ${k} neighbors; 1 where every neighbor on the map is one of the vectors, too). Of a cell's ${k} nearest by its vector, the map keeps ${formatShare(overlap.mean)}.</p>`;
}

function methods(data: ReportData, description: Description): string {
  const own = description.methods === undefined ? "" : `<h3>Of the data</h3>${paragraphs(description.methods)}`;
  return `<p>${escapeHtml(mapMethods(data))}</p>${own}`;
}

function reveals(data: ReportData, {live}: PageOptions): string {
  const counts = "In the workbook's file: the counts of all genes in these cells.";
  const items = [...publishedItems(data), ...(live === null ? [] : [counts])].map(
    (item) => `<li>${escapeHtml(item)}</li>`
  );
  return `<ul>${items.join("")}</ul><p>The page asks for nothing outside its own folder; its Content-Security-Policy has the browser enforce that. Links are followed only by a click.</p>`;
}

function downloads({downloads: files, address}: PageOptions): string {
  const items = files.map(
    (file) =>
      `<li><a href="${escapeHtml(address(file))}" download="${escapeHtml(file.name)}">${escapeHtml(file.name)}</a> (${formatBytes(file.bytes.length)}): ${escapeHtml(file.words)}</li>`
  );
  return `<ul>${items.join("")}</ul>`;
}

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((part) => `<p>${escapeHtml(part.trim())}</p>`)
    .join("");
}
