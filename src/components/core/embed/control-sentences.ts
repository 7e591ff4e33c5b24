import {createRandom} from "../random.js";
import type {SentenceConstants} from "../types.js";

/** Ways to spoil a sentence that a measure of fidelity has to notice. */
export type ControlName = "shuffled order" | "no chromosome ends" | "gene ids off by one";

/**
 * Sentences spoilt on purpose (docs/model.md, "Fidelity"), each kind from the same cells: tokens behind CLS in another
 * order; chromosome ends left out; each gene replaced by the one with the next token id of `genes` (ascending, the last
 * by the first). Seeded: the same sentences give the same controls.
 */
export function controlSentences(
  sentences: readonly Int32Array[],
  constants: SentenceConstants,
  genes: Iterable<number>
): Record<ControlName, Int32Array[]> {
  const random = createRandom(20240612).next;
  const ids = Array.from(new Set(genes)).sort((a, b) => a - b);
  const next = new Map(ids.map((id, i) => [id, ids[(i + 1) % ids.length]]));
  return {
    "shuffled order": sentences.map((tokens) => shuffledBehindFirst(tokens, random)),
    "no chromosome ends": sentences.map((tokens) => tokens.filter((token) => token !== constants.chromosomeEnd)),
    "gene ids off by one": sentences.map((tokens) => tokens.map((token) => next.get(token) ?? token))
  };
}

function shuffledBehindFirst(tokens: Int32Array, random: () => number): Int32Array {
  const mixed = tokens.slice();
  for (let i = mixed.length - 1; i > 1; --i) {
    const j = 1 + Math.floor(random() * i);
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
