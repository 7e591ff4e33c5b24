/** Chromosomes in the order of their ids: the gene dictionary numbers them by name, as text, so that 10 stands before 2. */
const numbered = [
  "1",
  "10",
  "11",
  "12",
  "13",
  "14",
  "15",
  "16",
  "17",
  "18",
  "19",
  "2",
  "20",
  "21",
  "22",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9"
];
const firstNumbered = 564;
const lastHuman = 613;
const others: Record<number, string> = {611: "MT", 612: "X", 613: "Y"};

/**
 * What people call the chromosome with `id` in the gene dictionary: of human "1" to "22", "X", "Y", "MT", or "scaffold 590"; of
 * other species, whose ids lie elsewhere and whose names are not known, "id 620". The dictionary does not say; where genes of known place stand does (tests/core/cells).
 */
export function chromosomeName(id: number): string {
  const isHuman = id >= firstNumbered && id <= lastHuman;
  return numbered[id - firstNumbered] ?? others[id] ?? `${isHuman ? "scaffold" : "id"} ${id}`;
}
