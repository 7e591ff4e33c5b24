import {describedLines, type Description} from "../../core/report/description.js";
import {formatCount, formatShare} from "../../views/format.js";
import {escapeHtml} from "../../core/escape-html.js";
import type {ReportData} from "./report-data.js";
import type {ReportPage} from "./report-page.js";

/** The first page of a site of several reports: what they are together, and for each its map, its size and a link. */
export function indexPage(
  reports: readonly ReportData[],
  pages: readonly ReportPage[],
  names: readonly string[],
  title: string,
  description: Description
): ReportPage {
  const cells = reports.reduce((sum, {cells: {rows}}) => sum + rows.length, 0);
  const models = [...new Set(reports.map(({model}) => model.name))].join(", ");
  const abstract = (description.abstract ?? "").split(/\n\s*\n/).filter((part) => part.trim() !== "");
  const lines = describedLines(description).map(({label, text, href}) => {
    const words = escapeHtml(text);
    const html = href === undefined ? words : `<a href="${escapeHtml(href)}" rel="noopener">${words}</a>`;
    return `<div><dt>${label}</dt><dd>${html}</dd></div>`;
  });
  const cards = reports.map((data, i) => card(data, pages[i], names[i]));
  const html = [
    ...abstract.map((part) => `<p>${escapeHtml(part.trim())}</p>`),
    `<p>${formatCount(cells, "cell")} in ${formatCount(reports.length, "data set")}, embedded by ${escapeHtml(models)}. Each data set has a map of its own; places on two maps cannot be compared.</p>`,
    lines.length === 0 ? "" : `<dl>${lines.join("")}</dl>`,
    `<ul class="cards">${cards.join("")}</ul>`
  ];
  return {title, figures: [], sections: [{id: "reports", title: "Data sets", html: html.join("")}]};
}

function card({cells, genesInFile, provenance, groups}: ReportData, page: ReportPage, name: string): string {
  const map = page.figures.find(({key}) => key !== null);
  const known = (provenance.genes?.aligned ?? 0) / Math.max(1, genesInFile);
  const facts = [
    formatCount(cells.rows.length, "cell"),
    `${formatShare(known)} of ${formatCount(genesInFile, "gene")} known to the model`,
    ...(groups === null ? [] : [`${formatCount(groups.groups.length, "group")} of ${groups.column}`])
  ];
  return `<li><a href="${name}/index.html">${map === undefined ? "" : withoutNames(map.svg)}<b>${escapeHtml(page.title)}</b></a><br>${facts.map(escapeHtml).join("; ")}</li>`;
}

/** A map so small that names on it could not be read; what it shows is said beside it. */
function withoutNames(svg: string): string {
  return svg
    .replace(/(<path class="line"|<g class="name").*<\/svg>$/s, "</svg>")
    .replace(/role="img" aria-label="[^"]*"/, 'aria-hidden="true"');
}
