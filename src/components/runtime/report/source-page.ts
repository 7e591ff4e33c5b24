import {describedLines, type Description} from "../../core/report/description.js";
import {escapeMarkdown} from "../../core/report/markdown.js";
import {formatBytes, formatInteger, formatShare} from "../../views/format.js";
import type {ReportData} from "./report-data.js";
import {mapMethods, markerTest, publishedItems, trainedNote} from "./report-words.js";
import {mapTableName, mitoColumnName, type SourceTable} from "./source-tables.js";

/** What a page of the source is made of. */
export interface SourcePage {
  title: string;
  description: Description;
  data: ReportData;
  tables: readonly SourceTable[];
  /** Folder of its tables, as the page names it: "./data/NAME". */
  folder: string;
}

/** A report as a Markdown page of Observable Framework: prose, and cells over the tables in `folder`, to be edited. */
export function sourcePage({title, description, data, tables, folder}: SourcePage): string {
  const has = (name: string) => tables.some((table) => table.name === name);
  const file = (name: string) => JSON.stringify(`${folder}/${name}.arrow`);
  const parts = [
    `---\ntitle: ${JSON.stringify(title)}\n---`,
    `# ${escapeMarkdown(title)}`,
    ...overview(data, description),
    "## Quality of cells",
    cell(`import {coloredMap, readCells} from "uce-workbook/views";`),
    cell(`const table = await FileAttachment(${file("cells")}).arrow();\nconst cells = readCells(table);`),
    ...quality(data),
    "## Maps",
    ...maps(data, file),
    ...(data.groups !== null && has("groups")
      ? [
          "## Groups and their genes",
          `Genes of each group of ${escapeMarkdown(data.groups.column)} whose mean log(1 + counts per 10,000) lies furthest above that of all other cells. ${markerTest}`,
          cell(`Inputs.table(await FileAttachment(${file("groups")}).arrow())`)
        ]
      : []),
    ...(has("scores")
      ? [
          "## Can this map be trusted?",
          "Each cell's label is voted for by its 5 nearest labeled cells, itself left out. Shares with their standard errors; a model has to beat principal components, and both have to beat always naming the largest group.",
          cell(`Inputs.table(await FileAttachment(${file("scores")}).arrow())`)
        ]
      : []),
    ...(has("sentence")
      ? [
          "## One cell's sentence",
          `The genes that were drawn for the cell in row ${data.sentence!.row}, whose total counts are the median.`,
          cell(`Inputs.table(await FileAttachment(${file("sentence")}).arrow())`)
        ]
      : []),
    ...(has("lost-genes")
      ? [
          "## Genes that the model lacks",
          "By their share of all counts.",
          cell(`Inputs.table(await FileAttachment(${file("lost-genes")}).arrow())`)
        ]
      : []),
    "## Methods",
    escapeMarkdown(mapMethods(data)),
    ...(description.methods === undefined ? [] : paragraphs(description.methods)),
    "## What this page reveals",
    ["Total counts and genes detected of each cell.", ...publishedItems(data)]
      .map((item) => `- ${escapeMarkdown(item)}`)
      .join("\n"),
    "## Downloads",
    tables
      .map(
        ({name, words}) => `- <a href="${folder}/${name}.arrow" download>${name}.arrow</a>: ${escapeMarkdown(words)}`
      )
      .join("\n")
  ];
  return `${parts.join("\n\n")}\n`;
}

function overview(data: ReportData, description: Description): string[] {
  const {cells, genesInFile, provenance, model} = data;
  const facts = [
    `**Cells:** ${formatInteger(cells.rows.length)}`,
    `**Genes:** ${formatInteger(genesInFile)} in the file, ${formatInteger(provenance.genes?.aligned ?? 0)} known to the model (${formatShare((provenance.genes?.aligned ?? 0) / Math.max(1, genesInFile))})`,
    `**Model:** ${escapeMarkdown(model.name)}`,
    `**File:** ${escapeMarkdown(data.file)}, ${formatBytes(provenance.source.bytes)}`,
    ...describedLines(description).map(({label, text, href}) => {
      const words = escapeMarkdown(text);
      return `**${label}:** ${href === undefined ? words : `[${words}](<${encodeURI(href).replace(/[$<>]/g, encodeURIComponent)}>)`}`;
    })
  ];
  return [
    ...(description.abstract === undefined ? [] : paragraphs(description.abstract)),
    ...trainedNote(data).map(escapeMarkdown),
    facts.map((fact) => `- ${fact}`).join("\n")
  ];
}

function quality({quality: {mitoGenes}}: ReportData): string[] {
  const histogram = (value: string, label: string) =>
    cell(
      `Plot.rectY(table, Plot.binX({y: "count"}, {x: ${JSON.stringify(value)}})).plot({height: 240, x: {label: ${JSON.stringify(label)}}, y: {label: "cells"}})`
    );
  return [
    "Few counts or genes hint at an empty droplet, a large mitochondrial share at a dying cell. No cell was removed for it.",
    histogram("total_counts", "total counts of a cell"),
    histogram("n_genes", "genes detected in a cell"),
    ...(mitoGenes.length === 0 ? [] : [histogram(`obs:${mitoColumnName}`, "mitochondrial share of a cell's counts, %")])
  ];
}

function maps(data: ReportData, file: (name: string) => string): string[] {
  const [{words}] = data.maps as [ReportData["maps"][number]];
  const figures = data.maps.flatMap(({name}, i) => [
    cell(`const picture${i} = display(coloredMap({title: ${JSON.stringify(name)}}));`),
    cell(
      `picture${i}.color(cells, colored);\npicture${i}.follow(cells, await FileAttachment(${file(mapTableName(i))}).arrow());`
    )
  ]);
  return [
    `${escapeMarkdown(words)} Axes have no unit, and distances between islands mean little.`,
    cell(
      `const colored = view(Inputs.select([...cells.obs, null], {label: "Color by", format: (column) => column?.name ?? "one color"}));`
    ),
    ...data.maps.flatMap(({name}, i) => [`### ${escapeMarkdown(name)}`, ...figures.slice(2 * i, 2 * i + 2)])
  ];
}

function cell(code: string): string {
  return `\`\`\`js\n${code}\n\`\`\``;
}

function paragraphs(text: string): string[] {
  return text.split(/\n\s*\n/).map(escapeMarkdown);
}
