import type {BenchRow, BenchRun} from "./bench-run.js";

/** True for a row that was timed and whose vectors were compared and passed: only such figures are compared with others. */
export function isSound({ms, check}: BenchRow): boolean {
  return ms !== null && check !== null && check.passed;
}

/** The sound row that takes least a cell among those that `fits` keeps; null where there is none. */
export function fastestRow(run: BenchRun, fits: (row: BenchRow) => boolean): BenchRow | null {
  const kept = run.rows.filter((row) => isSound(row) && fits(row));
  return kept.reduce<BenchRow | null>(
    (best, row) => (best === null || row.ms!.median < best.ms!.median ? row : best),
    null
  );
}

/**
 * How many times faster `row` is than the seed project's way in the same run: float32, one cell a call, the same length, on the same
 * backend with as many threads. Null where that was not measured, or where one of the two is not sound.
 */
export function timesSeed(run: BenchRun, row: BenchRow): number | null {
  if (row.way === "seed" || !isSound(row)) return null;
  const seed = fastestRow(
    run,
    ({way, numbers, batch, length, backend, threads}) =>
      way === "seed" &&
      numbers === "float32" &&
      batch === 1 &&
      length === row.length &&
      backend === row.backend &&
      threads === row.threads
  );
  return seed === null ? null : seed.ms!.median / row.ms!.median;
}
