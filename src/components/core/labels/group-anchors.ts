import type {BoxCounts} from "./box-counts.js";

/** What a search for anchors goes by. */
export interface AnchorSearch {
  /** x and y by turns, in the map's own units; the group of each point; the points to look at. */
  positions: Float32Array;
  group: ArrayLike<number>;
  chosen: ArrayLike<number>;
  /** Counts of the same points. */
  counts: BoxCounts;
  /** Half a side of the square around a point in which groups are compared, in the map's units. */
  reach: number;
  /** Anchors of an earlier state of the map, by group: kept while they are good, so that names stay with their cells. */
  previous?: ReadonlyMap<number, readonly number[]>;
}

/** Points of a group that are looked at, and anchors that a group has at most: others serve where the first is out of view. */
const [looked, most] = [200, 4];
/** A group is named where it has this share of the other cells around. */
const purity = 0.6;
/** It has places of its own if that is so on average, or if a fifth of its cells have three quarters of their own kind around. */
const [home, settled] = [0.75, 0.2];
/** An earlier anchor stays while its square is worth this share of the best one; and what a further one must be worth. */
const [stays, further] = [0.5, 0.15];

/**
 * Where a name may point to: for each group (0 to `groups` - 1) the points with most cells of the group around them, among those around
 * which at least 60 % of the other cells are the group's, best first, at most four and apart from each other. A group has none if its cells have fewer
 * of their own kind around, on average, and not a fifth of them stand among their own (three quarters): by chance some place would do on
 * a mixed island, and a name would mislead there.
 */
export function groupAnchors(search: AnchorSearch, groups: number): number[][] {
  const {positions, group, chosen, reach, previous} = search;
  const members = Array.from({length: groups}, () => [] as number[]);
  for (let k = 0; k < chosen.length; ++k) {
    const i = chosen[k];
    if (group[i] < groups && Number.isFinite(positions[2 * i] + positions[2 * i + 1])) members[group[i]].push(i);
  }
  return members.map((all, own) => {
    const step = Math.max(1, Math.floor(all.length / looked));
    const worths = worthsOf(
      all.filter((_, k) => k % step === 0),
      own,
      search
    );
    const mean = worths.reduce((sum, {share}) => sum + share, 0) / Math.max(1, worths.length);
    const atHome = worths.filter(({share}) => share >= home).length / Math.max(1, worths.length);
    const good = worths.filter(({share}) => share >= purity).sort((a, b) => b.worth - a.worth || a.point - b.point);
    if (good.length === 0 || (mean < purity && atHome < settled)) return [];
    const least = good[0].worth;
    const before = worthsOf(
      (previous?.get(own) ?? []).filter((i) => group[i] === own),
      own,
      search
    )
      .filter(({share, worth}) => share >= purity && worth >= stays * least)
      .slice(0, 1);
    const found: number[] = [];
    for (const {point, worth} of [...before, ...good]) {
      if (found.length === most || worth < further * least) break;
      if (found.every((other) => apart(positions, point, other) > 4 * reach)) found.push(point);
    }
    return found;
  });
}

/** Of each point the share of the other cells around it that are of its group (1 if there is none), and that share times their number. */
function worthsOf(points: readonly number[], own: number, {positions, counts, reach}: AnchorSearch) {
  const around = new Uint32Array(counts.sizes.length);
  return points.map((point) => {
    const [x, y] = [positions[2 * point], positions[2 * point + 1]];
    const all = counts.count([x - reach, y - reach, x + reach, y + reach], around);
    const share = all < 2 ? 1 : (around[own] - 1) / (all - 1);
    return {point, share, worth: around[own] * share};
  });
}

function apart(positions: Float32Array, one: number, other: number): number {
  return Math.hypot(positions[2 * one] - positions[2 * other], positions[2 * one + 1] - positions[2 * other + 1]);
}
