import {unitRows} from "../vectors/unit-rows.js";
import {createBreath, rowsOf, type WorkOptions} from "../vectors/work.js";

/** How alike pairs of vectors are in direction. */
export interface CosineHistogram {
  /** Pairs by cosine: bin i holds -1 + 2 i / bins up to the next; the last one holds 1 as well. */
  all: Uint32Array;
  /** Pairs of one group, and of two groups; zeros without `groups`. Cells without a group are in `all` only. */
  within: Uint32Array;
  between: Uint32Array;
  /** Mean cosine of each kind; NaN for none. */
  mean: {all: number; within: number; between: number};
  pairs: {all: number; within: number; between: number};
}

/** Options of `cosineHistogram`. */
export interface CosineOptions extends WorkOptions {
  /** Bins from -1 to 1 (100). */
  bins?: number;
  /** A group number a row, -1 for none. */
  groups?: Int32Array;
}

/**
 * Cosines of all pairs of different rows of `vectors` (row-major, `width` wide), in bins. Rows of zeros have no direction
 * and are left out. Throws a WorkbookError of domain "space" for values that are not finite, and the signal's reason.
 */
export async function cosineHistogram(
  vectors: Float32Array,
  width: number,
  options: CosineOptions = {}
): Promise<CosineHistogram> {
  const {bins = 100, groups} = options;
  const count = rowsOf(vectors, width);
  const unit = unitRows(vectors, width);
  const directed = Uint8Array.from({length: count}, (_, row) =>
    unit.subarray(row * width, (row + 1) * width).some((value) => value !== 0) ? 1 : 0
  );
  const kinds = ["all", "within", "between"] as const;
  const found = {all: new Uint32Array(bins), within: new Uint32Array(bins), between: new Uint32Array(bins)};
  const sums = {all: 0, within: 0, between: 0};
  const breathe = createBreath(options);
  for (let a = 0; a < count; a += 1) {
    await breathe(1 - (1 - a / count) ** 2);
    if (directed[a] === 0) continue;
    for (let b = a + 1; b < count; b += 1) {
      if (directed[b] === 0) continue;
      let cosine = 0;
      for (let i = 0; i < width; i += 1) cosine += unit[a * width + i] * unit[b * width + i];
      const bin = Math.max(0, Math.min(bins - 1, Math.floor(((cosine + 1) / 2) * bins)));
      found.all[bin] += 1;
      sums.all += cosine;
      if (groups === undefined || groups[a] < 0 || groups[b] < 0) continue;
      const kind = groups[a] === groups[b] ? "within" : "between";
      found[kind][bin] += 1;
      sums[kind] += cosine;
    }
  }
  const pairs = Object.fromEntries(
    kinds.map((kind) => [kind, found[kind].reduce((sum, n) => sum + n, 0)])
  ) as CosineHistogram["pairs"];
  const mean = Object.fromEntries(kinds.map((kind) => [kind, sums[kind] / pairs[kind]])) as CosineHistogram["mean"];
  return {...found, mean, pairs};
}
