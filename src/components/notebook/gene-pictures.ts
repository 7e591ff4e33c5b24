import {logCounts} from "../core/cells/log-counts.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {dotPlot} from "../views/dot-plot.js";
import {extend, h} from "../views/dom.js";
import {groupDistributions, type GroupDistributionData} from "../views/group-distributions.js";
import {ask} from "./browser.js";
import {fill} from "./fill.js";
import type {GeneSource} from "./gene-source.js";
import type {CellGroups} from "./group-choice.js";

/** What the pictures are of. */
export interface PicturedGenes {
  counts: Stage;
  source: GeneSource;
  /** Genes of the dot plot. */
  genes: readonly string[];
  /** The gene whose values are shown; null for none. */
  gene: string | null;
  groups: CellGroups;
}

/** A dot plot of several genes by group, and the values of one; null empties both, with a word about why. */
export type GenePictures = HTMLElement & {show(pictured: PicturedGenes | null, wish?: Wish & {waiting?: string}): void};

/** The pictures, for no genes. They are drawn again for what changes alone. */
export function genePictures(): GenePictures {
  const dots = dotPlot();
  const values = groupDistributions();
  let before: PicturedGenes | null = null;
  const isSame = (next: PicturedGenes, ...keys: (keyof PicturedGenes)[]): boolean =>
    before !== null && keys.every((key) => String(before![key]) === String(next[key])) && before.groups === next.groups;

  return extend(h("div", {class: "wb-pair"}, dots, values), {
    show(next: PicturedGenes | null, {waiting = "", ...wish}: Wish & {waiting?: string} = {}) {
      if (next === null) {
        before = null;
        dots.update(null, waiting);
        return values.update(null, waiting);
      }
      const signal = wishSignal(wish);
      if (!isSame(next, "genes")) void fill(dots, dotsOf(next, signal), {waiting: "Counting genes by group …"});
      if (!isSame(next, "gene"))
        void fill(values, next.gene === null ? Promise.resolve(null) : valuesOf(next, next.gene, signal), {
          waiting: `Reading ${next.gene} …`,
          empty: "Press a gene of the table to see its values by group."
        });
      before = next;
    }
  });
}

async function dotsOf({counts, genes, groups}: PicturedGenes, signal: AbortSignal | undefined) {
  if (genes.length === 0) return null;
  const asked = {genes, groupOfRow: groups.codes, groups: groups.names.length};
  const found = await ask(counts, "geneProfiles", asked, {signal});
  return {...found, groups: groups.names};
}

async function valuesOf(
  {source, groups}: PicturedGenes,
  gene: string,
  signal: AbortSignal | undefined
): Promise<GroupDistributionData> {
  const [counts, totals] = await Promise.all([source.counts(gene, {signal}), source.totals({signal})]);
  const logs = logCounts(counts, totals);
  const rows = groups.names.map(() => [] as number[]);
  groups.codes.forEach((code, row) => code >= 0 && Number.isFinite(logs[row]) && rows[code].push(logs[row]));
  return {gene, groups: groups.names.map((name, g) => ({name, values: Float64Array.from(rows[g])}))};
}
