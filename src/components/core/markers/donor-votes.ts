/** How donors agree on each gene; arrays have a value a gene. */
export interface DonorVotes {
  /** Donors with at least 5 cells in the group and 5 among the others: those that can be asked. */
  asked: number;
  /** Of these, in how many the group's mean is above that of the donor's other cells. */
  higher: Int32Array;
}

/** Sums of one gene by donor and group, and what they say. */
export interface OpenVotes {
  /** Adds the value of a cell. */
  add(row: number, value: number): void;
  /** Counts the donors for gene `gene` of the `t`-th tested group. */
  settle(t: number, gene: number): void;
  /** Forgets the sums of a gene. */
  clear(): void;
  of(t: number): DonorVotes;
}

/** Fewest cells on each side from which a donor's means are compared. */
const leastCells = 5;

/**
 * Counts in how many donors a group's mean is above that of the same donor's other cells. Cells of a donor are not replicates of each other,
 * donors are: a difference of which a single donor is the cause shows here. `donorOfRow` is -1 for a cell without donor.
 */
export function createDonorVotes(
  takesPart: Uint8Array,
  groupOfRow: Int32Array,
  donorOfRow: Int32Array,
  groups: number,
  tested: readonly number[],
  genes: number
): OpenVotes {
  const donors = donorOfRow.reduce((most, donor) => Math.max(most, donor + 1), 0);
  const sizes = new Int32Array(donors * groups);
  const sums = new Float64Array(donors * groups);
  const all = (of: Int32Array | Float64Array, donor: number) => {
    let sum = 0;
    for (let at = donor * groups; at < (donor + 1) * groups; at += 1) sum += of[at];
    return sum;
  };
  takesPart.forEach((part, row) => {
    if (part === 1 && donorOfRow[row] >= 0) sizes[donorOfRow[row] * groups + groupOfRow[row]] += 1;
  });
  const cellsOf = Int32Array.from({length: donors}, (_, donor) => all(sizes, donor));
  const asked = tested.map((group) =>
    [...cellsOf.keys()].filter((donor) => {
      const mine = sizes[donor * groups + group];
      return mine >= leastCells && cellsOf[donor] - mine >= leastCells;
    })
  );
  const higher = tested.map(() => new Int32Array(genes));
  return {
    add(row, value) {
      const donor = donorOfRow[row];
      if (donor >= 0) sums[donor * groups + groupOfRow[row]] += value;
    },
    settle(t, gene) {
      for (const donor of asked[t]) {
        const at = donor * groups + tested[t];
        const rest = (all(sums, donor) - sums[at]) / (cellsOf[donor] - sizes[at]);
        if (sums[at] / sizes[at] > rest) higher[t][gene] += 1;
      }
    },
    clear: () => void sums.fill(0),
    of: (t) => ({asked: asked[t].length, higher: higher[t]})
  };
}
