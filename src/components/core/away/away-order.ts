/** What is taken away as a table: everything joined, or a part. */
export type AwayPart = "all" | "vectors" | "map" | "cells";

/**
 * Columns of the joined table that a part has, or undefined for all of them. `columns` are those of the joined table, `made` those among them that were made of the
 * vectors. Row, name and status of a
 * cell are in each.
 */
export function partColumns(
  part: AwayPart,
  columns: readonly string[],
  made: readonly string[] = []
): string[] | undefined {
  if (part === "all") return undefined;
  const own: Record<Exclude<AwayPart, "all">, (name: string) => boolean> = {
    vectors: (name) => name === "n_tokens" || name === "embedding",
    map: (name) => name === "x" || name === "y",
    cells: (name) => name.startsWith("obs:") || made.includes(name)
  };
  return columns.filter((name) => ["row", "cell_id", "status"].includes(name) || own[part](name));
}
