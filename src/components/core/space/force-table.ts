/** A force that depends on the squared distance of two points alone. */
export type Force = (square: number) => number;

/** Pieces from one power of 2 to the next, as a number of bits of a float64's fraction, whose upper word has 20. */
const bits = 7;
const shift = 20 - bits;
const perOctave = 1 << bits;
/** Squares from 2^-30 to 2^20: points of a map lie within some tens of units of each other. */
const [firstOctave, octaves] = [-30, 50];
const firstPiece = (1023 + firstOctave) << bits;
/** Which 32-bit half of a float64 holds its exponent. */
const upper = new Uint8Array(Float64Array.of(1).buffer)[7] === 0x3f ? 1 : 0;

/**
 * `force` by a table of parabolas, 128 from one power of 2 to the next, each through both ends and the middle of its piece, where the square is in
 * [2^-30, 2^20); by `force` itself elsewhere. UMAP's forces are smooth: the table differs from them by less than 2e-7 of their value, and it
 * spares the powers that cost most of a layout's time.
 */
export function tabulate(force: Force): Force {
  const table = new Float64Array(octaves * perOctave * 3);
  for (let piece = 0; piece * 3 < table.length; piece += 1) {
    const octave = 2 ** (firstOctave + Math.floor(piece / perOctave));
    const from = octave * (1 + (piece % perOctave) / perOctave);
    const size = octave / perOctave;
    const [start, middle, end] = [force(from), force(from + size / 2), force(from + size)];
    table.set([start, 4 * middle - 3 * start - end, 2 * (start + end) - 4 * middle], piece * 3);
  }
  const least = 2 ** firstOctave;
  const most = 2 ** (firstOctave + octaves);
  const number = new Float64Array(1);
  const halves = new Int32Array(number.buffer);
  return (square) => {
    if (!(square >= least && square < most)) return force(square);
    number[0] = square;
    const high = halves[upper];
    const at = 3 * ((high >> shift) - firstPiece);
    const share = ((high & ((1 << shift) - 1)) + (halves[1 - upper] >>> 0) * 2 ** -32) * 2 ** -shift;
    return table[at] + share * (table[at + 1] + share * table[at + 2]);
  };
}
