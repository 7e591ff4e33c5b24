import {parseGmt, type NamedGeneSet} from "./parse-gmt.js";

/**
 * Genes as people paste them: lines of GMT (with tabs), "NAME: GENE, GENE" for a set, or genes with commas, semicolons or blanks between, each by itself. Sets of one name are one. Throws what
 * `parseGmt` throws for lines with tabs.
 */
export function parsePasted(text: string): NamedGeneSet[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const [tabbed, plain] = [lines.filter((line) => line.includes("\t")), lines.filter((line) => !line.includes("\t"))];
  const sets = tabbed.length === 0 ? [] : parseGmt(tabbed.join("\n"), "what was pasted");
  for (const line of plain) {
    const colon = line.indexOf(":");
    const genes = line
      .slice(colon + 1)
      .split(/[\s,;]+/)
      .filter((gene) => gene !== "");
    if (colon > 0) sets.push({name: line.slice(0, colon).trim(), genes});
    else sets.push(...genes.map((gene) => ({name: gene, genes: [gene]})));
  }
  const merged = new Map<string, Set<string>>();
  for (const {name, genes} of sets) merged.set(name, new Set([...(merged.get(name) ?? []), ...genes]));
  return [...merged].map(([name, genes]) => ({name, genes: [...genes]})).filter(({genes}) => genes.length > 0);
}
