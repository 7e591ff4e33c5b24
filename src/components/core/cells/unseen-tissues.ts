import type {TrainingSet} from "./seen-cells.js";

/** Tissues of a file that none of a model's training sets is of, as far as the sets say. */
export interface UnseenTissues {
  /** The file's tissues that the model did not see, those of most cells first, and how many cells are of them. */
  tissues: string[];
  cells: number;
  /** Tissues that the model was trained on. */
  seen: string[];
}

/**
 * Compares the tissues of a file's cells (`values`, one a cell; null where nothing is said) with those of the training sets. Tissues are
 * compared in small letters, and one that is named within another counts as the same (brain, brain cortex). null where a set does not
 * say its tissue, since nothing can be concluded then, or where every tissue was seen.
 */
export function unseenTissues(values: readonly (string | null)[], sets: readonly TrainingSet[]): UnseenTissues | null {
  if (sets.length === 0 || sets.some(({tissue}) => tissue === undefined)) return null;
  const seen = [...new Set(sets.map(({tissue}) => tissue!))];
  const counts = new Map<string, number>();
  for (const value of values) {
    const name = value?.trim() ?? "";
    if (name !== "" && !/^(nan|na|unknown|none)$/i.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isSeen = (name: string) => seen.some((tissue) => holds(name, tissue) || holds(tissue, name));
  const unseen = [...counts].filter(([name]) => !isSeen(name)).sort((a, b) => b[1] - a[1]);
  if (unseen.length === 0) return null;
  return {tissues: unseen.map(([name]) => name), cells: unseen.reduce((sum, [, cells]) => sum + cells, 0), seen};
}

/** True if `text` names `word`, as whole words in any letters. */
function holds(text: string, word: string): boolean {
  const words = (of: string) =>
    ` ${of
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()} `;
  return words(text).includes(words(word));
}
