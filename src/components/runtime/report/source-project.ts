import {createHash} from "node:crypto";
import {mkdir, readdir, readFile, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {writeFolderAtomically} from "../../adapters/node-files.js";
import type {Description} from "../../core/report/description.js";
import {WorkbookError} from "../../core/errors.js";
import {escapeMarkdown} from "../../core/report/markdown.js";
import {tableToFileBytes} from "../../core/tables/file.js";
import type {ReportData} from "./report-data.js";
import {reportNames} from "./report-names.js";
import {sourcePage} from "./source-page.js";
import {sourceTables} from "./source-tables.js";

/** The version of Observable Framework that the source is built with: the one that the workbook's own site is. */
const framework = "1.13.4";
const marker = "source.json";
/** What building leaves beside the source. */
const built = /^(node_modules|dist|package-lock\.json|src\/\.observablehq)(\/|$)|\.tgz$/;

/** A page of the source: its name as a file, the title and words that stand on it, and its data. */
interface SourceReport {
  name: string;
  title: string;
  description: Description;
  data: ReportData;
}

/** What stands in the source beside what was computed, and which program it is of. */
export interface SourceOptions {
  title: string | null;
  description: Description;
  software: {name: string; version: string};
}

interface Mark {
  format: string;
  files: Record<string, string>;
}

/**
 * Throws a WorkbookError of domain "usage", code "bad-output", if `folder` holds what would be lost: other files, or a source of which a
 * file was changed or added.
 */
export async function requireSourceFolder(folder: string): Promise<void> {
  const entry = await stat(folder).catch(() => null);
  if (entry === null) return;
  if (!entry.isDirectory()) throw taken(`--keep-source ${folder} is a file`);
  const names = await filesOf(folder);
  if (names.length === 0) return;
  const mark = await readFile(join(folder, marker), "utf8")
    .then((text) => JSON.parse(text) as Mark)
    .catch(() => null);
  if (mark?.files === undefined)
    throw taken(`--keep-source ${folder} holds other files (${names.slice(0, 3).join(", ")})`);
  for (const name of names) {
    if (name === marker) continue;
    if (mark.files[name] === hashOf(await readFile(join(folder, name)))) continue;
    throw taken(`--keep-source ${folder} has been edited (${name})`);
  }
}

/** Writes the source of a report: a project of Observable Framework with a page for each file; it appears complete or not at all. */
export async function writeReportSource(
  folder: string,
  reports: readonly ReportData[],
  {title, description, software}: SourceOptions
): Promise<void> {
  const names = reportNames(reports);
  const alone = reports.length === 1;
  const pages = reports.map((data, i) => ({
    name: names[i],
    title: (alone ? (title ?? description.title) : null) ?? data.file,
    description: alone ? description : {},
    data
  }));
  await writeProject(folder, pages, {
    title: title ?? description.title ?? "Reports",
    abstract: description.abstract ?? "",
    software
  });
}

async function writeProject(
  folder: string,
  reports: readonly SourceReport[],
  options: {title: string; abstract: string; software: SourceOptions["software"]}
): Promise<void> {
  const alone = reports.length === 1;
  const files = new Map<string, string | Uint8Array>([
    ["package.json", packageFile(options.software)],
    ["src/style.css", '@import url("observablehq:default.css");\n@import "uce-workbook/style.css";\n'],
    ["observablehq.config.js", configFile(options.title, alone ? [] : reports)],
    ["README.md", readme(options.software)],
    [".gitignore", "node_modules/\ndist/\nsrc/.observablehq/\n"]
  ]);
  for (const {name, title, description, data} of reports) {
    const tables = sourceTables(data);
    const at = `data/${name}`;
    for (const {name: own, table} of tables) files.set(`src/${at}/${own}.arrow`, tableToFileBytes(table));
    const page = sourcePage({title, description, data, tables, folder: `./${at}`});
    files.set(alone ? "src/index.md" : `src/${name}.md`, page);
  }
  if (!alone) files.set("src/index.md", indexFile(options.title, options.abstract, reports));
  await writeFolderAtomically(folder, async (temporary) => {
    const hashes: Record<string, string> = {};
    for (const [name, content] of files) {
      await mkdir(dirname(join(temporary, name)), {recursive: true});
      await writeFile(join(temporary, name), content);
      hashes[name] = hashOf(content);
    }
    const mark = {format: "uce-workbook-report-source", software: options.software, files: hashes};
    await writeFile(join(temporary, marker), `${JSON.stringify(mark, null, 2)}\n`);
  });
}

/** Paths of the files below a folder, without what building leaves. */
async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  const below = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), {withFileTypes: true})) {
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      if (built.test(name)) continue;
      if (entry.isDirectory()) await below(name);
      else found.push(name);
    }
  };
  await below("");
  return found;
}

function packageFile({name, version}: SourceOptions["software"]): string {
  const manifest = {
    private: true,
    type: "module",
    scripts: {build: "observable build", dev: "observable preview"},
    dependencies: {"@observablehq/framework": framework, [name]: `file:${name}-${version}.tgz`}
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function configFile(title: string, pages: readonly SourceReport[]): string {
  const list = pages.map(({name, title: own}) => ({name: own, path: `/${name}`}));
  return `import {seedFramework} from "uce-workbook/framework";

// Packages come from node_modules, so that a build asks no network; Framework's own telemetry stays off.
process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
await seedFramework("src", {offline: true});

export default {
  root: "src",
  title: ${JSON.stringify(title)},
  pages: ${JSON.stringify(list)},
  globalStylesheets: [],
  head: '<link rel="icon" href="data:,">',
  style: "style.css",
  footer: ""
};
`;
}

function readme({name, version}: SourceOptions["software"]): string {
  return `# The source of a report

A project of Observable Framework: pages in src/*.md, their tables in src/data. It needs Node 20 or later.

1. In the workbook's folder: \`npm pack\`. Copy ${name}-${version}.tgz into this folder.
2. Here: \`npm install\`, then \`npm run dev\` to edit with a preview, or \`npm run build\` for the site in dist/.

Add a cell to a page, for example:

    \`\`\`js
    Plot.plot({marks: [Plot.dot(table, {x: "total_counts", y: "n_genes"})]})
    \`\`\`

Nothing is fetched but by npm install. A report that is made again replaces this folder only while nothing in it was changed.
`;
}

function indexFile(title: string, abstract: string, reports: readonly SourceReport[]): string {
  const words = abstract.split(/\n\s*\n/).filter((part) => part.trim() !== "");
  const list = reports.map(({name, title: own}) => `- [${escapeMarkdown(own)}](./${name})`);
  return `---\ntitle: ${JSON.stringify(title)}\n---\n\n# ${escapeMarkdown(title)}\n\n${[...words.map(escapeMarkdown), list.join("\n")].join("\n\n")}\n`;
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function taken(fault: string): WorkbookError {
  const remedy = "name a folder that is new or empty, or leave --keep-source out";
  return new WorkbookError({domain: "usage", code: "bad-output", fault, remedy});
}
