import type {ColumnGroups} from "../core/selections/column-groups.js";
import {logCounts} from "../core/cells/log-counts.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {dotPlot} from "../views/dot-plot.js";
import {extend, h} from "../views/dom.js";
import {groupDistributions, type GroupDistributionData} from "../views/group-distributions.js";
import {ask} from "./browser.js";
import {fill} from "./fill.js";
import type {GeneSource} from "./gene-source.js";

/** What the pictures are of. */
export interface PicturedGenes {
  counts: Stage;
  source: GeneSource;
  /** Genes of the dot plot. */
  genes: readonly string[];
  /** The gene whose values are shown; null for none. */
  gene: string | null;
  groups: ColumnGroups;
}

/** A dot plot of several genes by group, and the values of one; null empties both, with a word about why. */
export type GenePictures = HTMLElement & {show(pictured: PicturedGenes | null, wish?: Wish & {waiting?: string}): void};

/** The pictures, for no genes. They are drawn again for what changes alone. */
export function genePictures(): GenePictures {
  const dots = dotPlot();
  const values = groupDistributions();
  const dotted = slot();
  const valued = slot();

  return extend(h("div", {class: "wb-pair"}, dots, values), {
    show(next: PicturedGenes | null, {waiting = "", ...wish}: Wish & {waiting?: string} = {}) {
      if (next === null) {
        dotted.clear();
        valued.clear();
        dots.update(null, waiting);
        return values.update(null, waiting);
      }
      const {counts, genes, gene, groups} = next;
      const signal = wishSignal(wish);
      const of = [counts.address, ...groups.names, groups.codes];
      dotted.take([...of, ...genes], signal, () =>
        fill(dots, dotsOf(next, signal), {waiting: "Counting genes by group …"})
      );
      valued.take([...of, gene], signal, () =>
        fill(values, gene === null ? Promise.resolve(null) : valuesOf(next, gene, signal), {
          waiting: `Reading ${gene} …`,
          empty: "Press a gene of the table to see its values by group."
        })
      );
    }
  });
}

/** What a figure shows, or is about to: it is filled again for another key alone, or where what was about to come was withdrawn. */
function slot() {
  let shown: {key: readonly unknown[]; signal: AbortSignal | undefined; done: boolean} | null = null;
  return {
    clear: () => void (shown = null),
    take(key: readonly unknown[], signal: AbortSignal | undefined, draw: () => Promise<unknown>): void {
      const stands = shown !== null && (shown.done || shown.signal?.aborted !== true);
      if (stands && shown!.key.length === key.length && key.every((part, i) => isEqual(part, shown!.key[i]))) return;
      const mine = {key, signal, done: false};
      shown = mine;
      void draw().then(() => (mine.done = signal?.aborted !== true));
    }
  };
}

const isEqual = (a: unknown, b: unknown): boolean =>
  a === b || (a instanceof Int32Array && b instanceof Int32Array && a.every((code, i) => code === b[i]));

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
