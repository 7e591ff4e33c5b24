import {basename} from "node:path";
import {composition, type CompositionPart} from "../../core/composition/composition.js";
import {compositionTable} from "../../core/tables/compositions.js";
import {software} from "../software.js";
import type {Invocation} from "./arguments.js";
import {cellsPlaces} from "./cells-places.js";
import type {CommandContext} from "./context.js";
import {withCellsFile} from "./counts-file.js";
import {columnGroups, groupsOf} from "./groups-of.js";
import {requireWritable, writeTable} from "./outputs.js";

/** `composition FILE --groups GROUPS --by NAME --out TABLE`: what groups of cells are made of, with intervals. */
export async function runComposition(invocation: Invocation, context: CommandContext): Promise<void> {
  const {files, options} = invocation;
  const {groups: asked, by, out} = options;
  const place = cellsPlaces(invocation);
  for (const input of [...files, ...(asked.startsWith("obs:") ? [] : [asked])])
    await requireWritable(options, input, context);
  await withCellsFile(place, context.signal, async ({anndata, source}) => {
    const groups = await groupsOf(asked, anndata);
    const values = columnGroups(anndata, by);
    const parts = composition(groups.codes, values.codes);
    const parameters = {groups: asked.startsWith("obs:") ? asked : basename(asked), by, interval: "Wilson, 95 %"};
    const provenance = {format: 1, stage: "composition", software, source, parameters} as const;
    await writeTable(out, compositionTable(parts, groups.names, values.names, provenance), context);
    const named = parts.map(({group, value, ...part}) => ({
      group: groups.names[group],
      value: values.names[value],
      ...part
    }));
    if (options["json"]) return context.print(JSON.stringify({file: anndata.name, out, parts: named}));
    context.print(`${out}: ${groups.names.length} groups by ${by}, 95 % intervals of shares of cells`);
    for (const name of groups.names) {
      const mine = named.filter(({group}) => group === name).sort((a, b) => b.cells - a.cells);
      if (mine.length > 0)
        context.print(`  ${name}, ${mine[0].of} cells: ${mine.slice(0, 6).map(partText).join(", ")}`);
    }
  });
}

function partText({value, share, low, high}: Omit<CompositionPart, "group" | "value"> & {value: string}): string {
  const percent = (part: number) => (100 * part).toFixed(0);
  return `${value} ${percent(share)} % (${percent(low)} to ${percent(high)})`;
}
