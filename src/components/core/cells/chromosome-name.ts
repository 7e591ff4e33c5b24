/** Chromosome id of the gene dictionary's first human chromosome; the others follow in order (spec/pipeline.md, 1.3). */
const firstHuman = 564;
const humanX = 612;
const humanY = 613;

/** What people call the chromosome with `id` in the human gene dictionary: "1" to "22", "X", "Y", or "scaffold 590". */
export function chromosomeName(id: number): string {
  if (id >= firstHuman && id < firstHuman + 22) return String(id - firstHuman + 1);
  if (id === humanX) return "X";
  if (id === humanY) return "Y";
  return `scaffold ${id}`;
}
