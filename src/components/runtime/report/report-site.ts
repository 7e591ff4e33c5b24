import {createHash} from "node:crypto";
import {mkdir, readdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {writeFileAtomically, writeFolderAtomically} from "../../adapters/node-files.js";
import {citationFile, type Description} from "../../core/report/description.js";
import {tableToCsv} from "../../core/tables/csv.js";
import {provenanceMetadata} from "../../core/tables/provenance.js";
import {WorkbookError} from "../../core/errors.js";
import {figureFile} from "./figure-file.js";
import type {Figure} from "./figures.js";
import {escapeHtml} from "../../core/escape-html.js";
import {writeLiveData, type LiveFile} from "./live-data.js";
import {copyWorkbook, liveAddress, type LiveWorkbook} from "./live-site.js";
import type {ReportData} from "./report-data.js";
import {reportNames} from "./report-names.js";
import {indexPage} from "./index-page.js";
import {reportPage, type Download, type ReportPage} from "./report-page.js";
import {reportStyle} from "./style.js";

/** What is written, beside what was computed. */
export interface SiteOptions {
  title: string | null;
  description: Description;
  /** Width of PNG figures, pixels; 0 for none. */
  png: number;
  /** A workbook to put beside the reports, opened on their cells, and the files that they are of; null for none. */
  live: {workbook: LiveWorkbook; paths: readonly string[]; signal: AbortSignal} | null;
  software: {name: string; version: string};
}

const marker = "report.json";

/**
 * Throws a WorkbookError of domain "usage", code "bad-output", if `folder` is there, holds something, and is no report: a site that
 * replaced it would destroy that.
 */
export async function requireReportFolder(folder: string): Promise<void> {
  const entry = await stat(folder).catch(() => null);
  if (entry === null) return;
  const names = entry.isDirectory() ? await readdir(folder) : ["a file"];
  if (names.length === 0 || (entry.isDirectory() && names.includes(marker))) return;
  const fault = entry.isDirectory()
    ? `--out ${folder} holds other files (${names.slice(0, 3).join(", ")})`
    : `--out ${folder} is a file`;
  throw new WorkbookError({
    domain: "usage",
    code: "bad-output",
    fault,
    remedy: "name a folder that is new, empty, or an earlier report"
  });
}

/** Writes a site of one or several reports, which appears complete or not at all: `index.html`, of several files a list of them. */
export async function writeSite(folder: string, reports: readonly ReportData[], options: SiteOptions): Promise<void> {
  const {description, title} = options;
  await writeFolderAtomically(folder, async (temporary) => {
    await writeFile(join(temporary, "style.css"), reportStyle());
    const names = reportNames(reports);
    const pages: ReportPage[] = [];
    const live = options.live === null ? [] : await writeLive(join(temporary, "live"), reports, names, options.live);
    for (const [i, data] of reports.entries()) {
      const alone = reports.length === 1;
      const place = alone ? temporary : join(temporary, names[i]);
      await mkdir(join(place, "figures"), {recursive: true});
      await mkdir(join(place, "data"), {recursive: true});
      const own = alone ? options : {...options, title: null, description: {...description, title: data.file}};
      const page = reportPage(data, {
        ...own,
        live: live[i] === undefined ? null : {...live[i], address: `${alone ? "" : "../"}${liveAddress(live[i])}`},
        downloads: downloadsOf(data),
        address: ({name}) => `data/${name}`,
        files: ({name}) =>
          (options.png === 0 ? ["SVG"] : ["SVG", "PNG"]).map((kind) => ({
            kind,
            address: `figures/${name}.${kind.toLowerCase()}`
          }))
      });
      pages.push(page);
      for (const figure of page.figures) await writeFigure(join(place, "figures", figure.name), figure, options.png);
      for (const {name, bytes} of downloadsOf(data)) await writeFile(join(place, "data", name), bytes);
      const style = {link: alone ? "style.css" : "../style.css"};
      await writeFile(join(place, "index.html"), documentOf(page, style, alone ? null : "../index.html"));
    }
    if (reports.length > 1) {
      const index = indexPage(reports, pages, names, title ?? description.title ?? "Reports", description);
      await writeFile(join(temporary, "index.html"), documentOf(index, {link: "style.css"}, null));
    }
    await writeFile(join(temporary, "CITATION.cff"), citationFile(description, title ?? pages[0].title));
    await writeFile(join(temporary, ".nojekyll"), "");
    const facts = {format: "uce-workbook-report", software: options.software, files: reports.map(({file}) => file)};
    await writeFile(join(temporary, marker), `${JSON.stringify(facts, null, 2)}\n`);
  });
}

/** Copies the workbook to `folder`, with the cells of each report as a file that it opens. */
async function writeLive(
  folder: string,
  reports: readonly ReportData[],
  names: readonly string[],
  {workbook, paths, signal}: NonNullable<SiteOptions["live"]>
): Promise<LiveFile[]> {
  const files: LiveFile[] = [];
  await copyWorkbook(workbook, folder, async (place) => {
    for (const [i, data] of reports.entries()) files.push(await writeLiveData(place, names[i], paths[i], data, signal));
  });
  return files;
}

/** Writes a drawing as SVG and, unless `width` is 0, as PNG so many pixels wide; a small drawing in the same scale as a map. */
async function writeFigure(path: string, figure: Figure, width: number): Promise<void> {
  const svg = figureFile(figure);
  await writeFile(`${path}.svg`, svg);
  if (width === 0) return;
  // Loaded where it is needed alone: a native library, of no use to other commands.
  const {svgToPng} = await import("../../adapters/resvg.js");
  const [own] = /(?<=^<svg [^>]*width=")[^"]+/.exec(svg)!;
  const share = Number(own) < 640 ? Number(own) / 640 : 1;
  await writeFile(`${path}.png`, svgToPng(svg, Math.round(width * share)));
}

/** Writes the report of one file as one HTML file, which needs nothing beside it and opens from disk. */
export async function writeSingleFile(path: string, data: ReportData, options: SiteOptions): Promise<void> {
  const downloads = downloadsOf(data);
  const page = reportPage(data, {
    ...options,
    live: null,
    downloads,
    address: ({bytes}) => `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`,
    files: () => []
  });
  await writeFileAtomically(path, new TextEncoder().encode(documentOf(page, {text: reportStyle()}, null)));
}

function downloadsOf({table, provenance}: ReportData): Download[] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const made = [...provenanceMetadata(provenance).values()][0];
  return [
    {
      name: "cells.csv",
      words: "each cell's place on the map and its published columns",
      bytes: bytes(tableToCsv(table))
    },
    {
      name: "provenance.json",
      words: "versions, parameters, seeds and hashes",
      bytes: bytes(`${JSON.stringify(JSON.parse(made), null, 2)}\n`)
    }
  ];
}

/**
 * A document that may load its own style sheet and nothing else: no script, no address outside. Where the style stands in the page, the
 * policy names its hash.
 */
function documentOf(
  {title, sections}: ReportPage,
  style: {link: string} | {text: string},
  back: string | null
): string {
  const source = "link" in style ? "'self'" : `'sha256-${createHash("sha256").update(style.text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src ${source}; img-src 'self' data:; base-uri 'none'; form-action 'none'`;
  const css = "link" in style ? `<link rel="stylesheet" href="${style.link}">` : `<style>${style.text}</style>`;
  const list = sections.map(({id, title: name}) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`).join("");
  const up = back === null ? "" : `<p><a href="${back}">All reports</a></p>`;
  const body = sections.map(
    ({id, title: name, html}) =>
      `<section aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(name)}</h2>${html}</section>`
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
${css}
</head><body><header>${up}<h1>${escapeHtml(title)}</h1>${sections.length > 1 ? `<nav aria-label="Sections"><ul>${list}</ul></nav>` : ""}</header>
<main>
${body.join("\n")}
</main></body></html>
`;
}

/** The text of a file of descriptions. Throws a WorkbookError of domain "usage". */
export async function readDescription(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    const fault = `--meta ${path} cannot be read`;
    throw new WorkbookError({domain: "usage", code: "bad-option", fault, remedy: "name a JSON file"}, {cause});
  });
}
