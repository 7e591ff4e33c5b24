import {falseDiscoveryRates} from "../statistics/false-discovery.js";
import {twoSidedNormalTail} from "../statistics/normal-tail.js";
import type {CsrBlock} from "../types.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";
import {countEntries, type CountedEntries} from "./count-entries.js";
import {geneColumns, type GeneColumn} from "./gene-columns.js";
import {createDonorVotes, type DonorVotes} from "./donor-votes.js";
import {keepRows} from "./keep-rows.js";
import {rankSums} from "./rank-sums.js";
import {tooFewCells} from "./too-few-cells.js";

/** What markers are sought in. */
export interface MarkerTask {
  /** Streams the rows of counts that have a group, in ascending order; called once, and where they are too many to be kept once more for each panel of genes. */
  blocks(): AsyncIterable<CsrBlock> | Iterable<CsrBlock>;
  genes: number;
  /** Group of each row of the file, -1 for a cell that takes no part. */
  groupOfRow: Int32Array;
  groups: number;
  /** Groups that are tested, each against the cells of all others (all). */
  tested?: readonly number[];
  /** Donor of each row of the file, -1 for none: how many donors agree is counted then. */
  donorOfRow?: Int32Array;
}

/** Options of `findMarkers`. */
export interface MarkerOptions extends WorkOptions {
  /** Memory for counts, bytes (512 MiB); with less of it the rows are read more often. */
  memoryBytes?: number;
}

/** One group's test of every gene; arrays have a value a gene. */
export interface GroupMarkers {
  group: number;
  /** Cells of the group, and cells that it was compared with. */
  cells: number;
  others: number;
  /** Area under the curve: the probability that a cell of the group has a higher value than another cell, ties half; 0 to 1. */
  auc: Float64Array;
  /** z of the rank sum. */
  score: Float64Array;
  /** Two-sided p, and its false discovery rate over the genes. */
  p: Float64Array;
  q: Float64Array;
  /** log2 of the ratio of expm1(mean) of log-normalized values, 1e-9 added to both (scanpy). */
  log2FoldChange: Float64Array;
  /** Mean of log1p(counts per 10,000). */
  meanIn: Float64Array;
  meanOut: Float64Array;
  /** Share of cells with a count. */
  shareIn: Float64Array;
  shareOut: Float64Array;
  /** How donors agree; null where none were named. */
  donors: DonorVotes | null;
}

const target = 10_000;
const defaultMemory = 512 * 1024 * 1024;
/** The share of the memory that rows may take between passes; genes have the rest, and at least an eighth. */
const keptShare = 3 / 4;

/**
 * Markers of groups of cells: of each tested group a Wilcoxon rank-sum test of every gene's log1p(counts per 10,000) against the cells of all other groups. The
 * p-value is the normal approximation with tie correction and without continuity correction, two-sided: scanpy's rank_genes_groups(method="wilcoxon",
 * tie_correct=True), and scipy's mannwhitneyu(use_continuity=False, method="asymptotic"). Values are normalized and ranked in float64. A gene that
 * no cell expresses has z 0 and p 1. Cells with NaN or negative values take no part. `onProgress` has the share of the work done.
 * Throws the WorkbookError "too-few-cells" (domain "space") where a tested group or all others have none, what `blocks` throws, and the signal's reason.
 */
export async function findMarkers(task: MarkerTask, options: MarkerOptions = {}): Promise<GroupMarkers[]> {
  const {groupOfRow, groups, genes, donorOfRow} = task;
  const memory = options.memoryBytes ?? defaultMemory;
  const pause = createBreath(options);
  let share = 0;
  const breathe = () => pause(share);
  const wanted = groupOfRow.reduce((sum, group) => sum + (group < 0 ? 0 : 1), 0);
  const passing = keepRows(task.blocks(), keptShare * memory);
  const counted = await countEntries(
    passing.pass((read) => (share = (0.4 * read) / wanted)),
    groupOfRow,
    genes,
    breathe
  );
  const rows = passing.kept();
  const blocks = () => rows?.blocks ?? task.blocks();
  share = 0.4;
  const sizes = new Int32Array(groups);
  counted.takesPart.forEach((part, row) => part === 1 && (sizes[groupOfRow[row]] += 1));
  const tested = task.tested ?? [...sizes.keys()];
  const cells = sizes.reduce((sum, size) => sum + size, 0);
  for (const group of tested)
    if (sizes[group] === 0 || sizes[group] === cells) throw tooFewCells(group, sizes[group], cells);
  const votes = donorOfRow && createDonorVotes(counted.takesPart, groupOfRow, donorOfRow, groups, tested, genes);
  const found = tested.map((group) => emptyMarkers(group, sizes[group], cells - sizes[group], genes));
  const tally = createTally(task, counted, sizes);
  for await (const column of geneColumns(blocks, counted, Math.max(memory - (rows?.bytes ?? 0), memory / 8), breathe)) {
    const {ranks, sums, positive} = tally(column, votes?.add);
    found.forEach((markers, t) => {
      test(markers, column.gene, {...ranks, sums: ranks.sums[markers.group]}, cells);
      describe(markers, column.gene, sums, positive);
      votes?.settle(t, column.gene);
    });
    votes?.clear();
    share = 0.4 + (0.6 * column.gene) / genes;
    await breathe();
  }
  return found.map((markers, t) => ({...markers, q: falseDiscoveryRates(markers.p), donors: votes?.of(t) ?? null}));
}

/** Sums of one gene's values over groups. The arrays are overwritten by the next gene. */
function createTally({groupOfRow, groups}: MarkerTask, {totals, perGene}: CountedEntries, sizes: Int32Array) {
  const most = perGene.reduce((most, count) => Math.max(most, count), 0);
  const logs = new Float64Array(most);
  const groupOf = new Int32Array(most);
  const room: [Float64Array, Float64Array] = [new Float64Array(most), new Float64Array(most)];
  const sums = new Float64Array(groups);
  const positive = new Int32Array(groups);
  return ({rows, counts}: GeneColumn, each?: (row: number, value: number) => void) => {
    sums.fill(0);
    positive.fill(0);
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i];
      const group = groupOfRow[row];
      const value = Math.log1p((counts[i] / totals[row]) * target);
      logs[i] = value;
      groupOf[i] = group;
      sums[group] += value;
      positive[group] += 1;
      each?.(row, value);
    }
    const ranks = rankSums(logs.subarray(0, rows.length), groupOf.subarray(0, rows.length), sizes, room);
    return {ranks, sums, positive};
  };
}

function emptyMarkers(group: number, cells: number, others: number, genes: number): GroupMarkers {
  const values = () => new Float64Array(genes);
  return {
    group,
    cells,
    others,
    auc: values(),
    score: values(),
    p: values(),
    q: values(),
    log2FoldChange: values(),
    meanIn: values(),
    meanOut: values(),
    shareIn: values(),
    shareOut: values(),
    donors: null
  };
}

function test(to: GroupMarkers, gene: number, {sums: rankSum, ties}: {sums: number; ties: number}, n: number): void {
  const {cells, others} = to;
  const deviation = Math.sqrt(((1 - ties / (n ** 3 - n)) * cells * others * (n + 1)) / 12);
  const score = deviation > 0 ? (rankSum - (cells * (n + 1)) / 2) / deviation : 0;
  to.auc[gene] = (rankSum - (cells * (cells + 1)) / 2) / (cells * others);
  to.score[gene] = score;
  to.p[gene] = twoSidedNormalTail(score);
}

function describe(to: GroupMarkers, gene: number, sums: Float64Array, positive: Int32Array): void {
  const {group, cells, others} = to;
  let [sum, count] = [0, 0];
  for (let other = 0; other < sums.length; other += 1) {
    if (other === group) continue;
    sum += sums[other];
    count += positive[other];
  }
  to.meanIn[gene] = sums[group] / cells;
  to.meanOut[gene] = sum / others;
  to.shareIn[gene] = positive[group] / cells;
  to.shareOut[gene] = count / others;
  to.log2FoldChange[gene] = Math.log2((Math.expm1(to.meanIn[gene]) + 1e-9) / (Math.expm1(to.meanOut[gene]) + 1e-9));
}
