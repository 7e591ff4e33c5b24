import type {ModelGene, SentenceConstants} from "../types.js";
import {createRandom} from "../random.js";

/** How many genes each group of synthetic sentences draws; every group is as long as its neighbors' for batching. */
const groups = [
  {count: 12, share: 0.0625},
  {count: 10, share: 0.125},
  {count: 4, share: 1}
];

/**
 * Sentences of 26 made-up cells, in the form of real ones: each cell expresses its own random set of genes, on
 * a number of chromosomes that is the same within a group, so that three lengths stand in equal-length groups. Two
 * groups are short, so that a self-test on a slow device takes seconds. Seeded: the same genes give the same sentences.
 */
export function syntheticSentences(
  genes: readonly ModelGene[],
  sentence: SentenceConstants,
  maxLength: number
): Int32Array[] {
  const random = createRandom(20240611).next;
  const draw = (n: number) => Math.floor(random() * n);
  const byChromosome = new Map<number, ModelGene[]>();
  for (const gene of genes) {
    const group = byChromosome.get(gene.chromosome);
    if (group === undefined) byChromosome.set(gene.chromosome, [gene]);
    else group.push(gene);
  }
  const chromosomes = Array.from(byChromosome.keys()).sort((a, b) => a - b);
  return groups.flatMap(({count, share}) => {
    const drawn = Math.max(1, Math.round(sentence.sampleSize * share));
    const used = Math.max(1, Math.min(chromosomes.length, drawn >> 2, 20, (maxLength - 1 - drawn) >> 1));
    return Array.from({length: count}, () => {
      const chosen = shuffled(chromosomes, draw).slice(0, used);
      const expressed = chosen.map((id) => {
        const group = byChromosome.get(id) ?? [];
        return Array.from({length: 1 + draw(12)}, () => group[draw(group.length)]);
      });
      const tokens = chosen.map(() => [] as ModelGene[]);
      for (let i = 0; i < drawn; ++i) {
        const at = i < used ? i : draw(used);
        tokens[at].push(expressed[at][draw(expressed[at].length)]);
      }
      const spelled = tokens.flatMap((group, i) => [
        chosen[i] + sentence.chromosomeOffset,
        ...group.sort((a, b) => a.start - b.start || a.token - b.token).map((gene) => gene.token),
        sentence.chromosomeEnd
      ]);
      return Int32Array.from([sentence.cls, ...spelled]);
    });
  });
}

function shuffled(values: readonly number[], draw: (n: number) => number): number[] {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; --i) {
    const j = draw(i + 1);
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
