import {basename} from "node:path";
import {streamRows} from "../../core/anndata/stream-rows.js";
import {findMarkers, type GroupMarkers, type MarkerTask} from "../../core/markers/find-markers.js";
import type {LabelClasses} from "../../core/pipeline/label-classes.js";
import {markerOrder, markersTable} from "../../core/tables/markers.js";
import {software} from "../software.js";
import {usage, type Invocation} from "./arguments.js";
import {cellsPlaces} from "./cells-places.js";
import type {CommandContext} from "./context.js";
import {countsOf, withCellsFile, type CellsFile, type Counts} from "./counts-file.js";
import {columnGroups, groupsOf} from "./groups-of.js";
import {requireWritable, writeTable} from "./outputs.js";

/** `markers FILE --groups GROUPS --out TABLE`: tests every gene for each group, writes the markers table, prints the leading genes. */
export async function runMarkers(invocation: Invocation, context: CommandContext): Promise<void> {
  const {files, options} = invocation;
  const {groups: asked, against, group, out} = options;
  if (against !== undefined && group === undefined)
    throw usage("bad-option", "--against names what --group is compared with", "add --group, or leave --against out");
  if (against !== undefined && against === group)
    throw usage("bad-option", `--group and --against are both "${group}"`, "name two groups");
  const place = cellsPlaces(invocation);
  const inputs = [...files, ...(asked.startsWith("obs:") ? [] : [asked])];
  for (const input of inputs) await requireWritable(options, input, context);
  const start = performance.now();
  await withCellsFile(place, context.signal, async (file) => {
    const classes = await groupsOf(asked, file.anndata);
    const counts = await countsOf(file.anndata, options, context.signal);
    const found = await findMarkers(taskOf(file, counts, classes, options), {
      signal: context.signal,
      onProgress: (share) => context.progress.update("markers, percent", Math.round(100 * share), 100)
    });
    const table = markersTable(found, classes.names, counts.genes, {
      format: 1,
      stage: "markers",
      software,
      source: file.source,
      matrix: counts.matrix.name,
      parameters: {
        groups: asked.startsWith("obs:") ? asked : basename(asked),
        group: group ?? null,
        against: against ?? null,
        donors: options["donors"] ?? null,
        test: "rank-sum, normal approximation, tie correction, no continuity correction",
        values: "log1p(counts per 10,000)"
      }
    });
    await writeTable(out, table, context);
    const leading = found.map((markers) => leadingGenes(markers, classes.names, counts.genes));
    const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
    if (options["json"]) {
      const facts = {file: file.anndata.name, out, matrix: counts.matrix.name, genes: counts.genes.length};
      return context.print(JSON.stringify({...facts, groups: leading, seconds}));
    }
    context.print(`${out}: ${found.length} groups, ${counts.genes.length} genes of ${counts.matrix.name}`);
    for (const each of leading) context.print(groupLine(each, found[0].donors !== null));
  });
}

/** Which cells are compared: all that have a group, or those of two groups alone. */
function taskOf(
  {anndata}: CellsFile,
  {matrix, genes}: Counts,
  {names, codes}: LabelClasses,
  {group, against, donors}: Record<string, string>
): MarkerTask {
  const number = (name: string) => {
    const found = names.indexOf(name);
    if (found >= 0) return found;
    const remedy = `use one of ${names.slice(0, 50).join(", ")}`;
    throw usage("bad-option", `there is no group "${name}"`, remedy);
  };
  const tested = group === undefined ? undefined : [number(group)];
  const pair = against === undefined ? null : [tested![0], number(against)];
  const groupOfRow = pair === null ? codes : codes.map((code) => (pair.includes(code) ? code : -1));
  const rows = Int32Array.from(groupOfRow.keys()).filter((row) => groupOfRow[row] >= 0);
  return {
    blocks: () => streamRows(anndata, matrix, {rows}),
    genes: genes.length,
    groupOfRow,
    groups: names.length,
    tested: tested ?? [...names.keys()].filter((code) => codes.includes(code)),
    donorOfRow: donors === undefined ? undefined : columnGroups(anndata, donors).codes
  };
}

const shown = 10;

function leadingGenes(markers: GroupMarkers, groups: readonly string[], genes: readonly string[]) {
  const {cells, others, donors, auc, q, log2FoldChange, shareIn, shareOut} = markers;
  const of = (gene: number) => ({
    gene: genes[gene],
    auc: auc[gene],
    q: q[gene],
    log2FoldChange: log2FoldChange[gene],
    shareIn: shareIn[gene],
    shareOut: shareOut[gene],
    ...(donors === null ? {} : {donors: donors.asked, donorsHigher: donors.higher[gene]})
  });
  return {
    group: groups[markers.group],
    cells,
    others,
    leading: Array.from(markerOrder(markers).subarray(0, shown), of)
  };
}

function groupLine({group, cells, others, leading}: ReturnType<typeof leadingGenes>, donors: boolean): string {
  const genes = leading.slice(0, 5).map(({gene, auc, donors: asked, donorsHigher}) => {
    const voted = asked === undefined ? "" : `, ${donorsHigher} of ${asked} donors`;
    return `${gene} (${auc.toFixed(2)}${voted})`;
  });
  return `  ${group}, ${cells} cells against ${others}: ${genes.join(", ")}${donors ? "" : "  (area under the curve)"}`;
}
