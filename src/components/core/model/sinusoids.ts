/**
 * Sinusoidal positions, rows x width row-major: column 2i is sin(p f_i), column 2i + 1 is cos(p f_i), with
 * f_i = exp(-2i ln(10000) / width). Frequencies and phases are rounded to float32 as PyTorch's are, because at p = 2000
 * that rounding moves a phase by 1e-4, and the checkpoints were trained with it.
 */
export function sinusoids(rows: number, width: number): Float32Array<ArrayBuffer> {
  const table = new Float32Array(rows * width);
  const step = Math.fround(-Math.log(10000) / width);
  for (let column = 0; column < width; column += 2) {
    const frequency = Math.fround(Math.exp(Math.fround(column * step)));
    for (let position = 0; position < rows; ++position) {
      const phase = Math.fround(position * frequency);
      table[position * width + column] = Math.sin(phase);
      if (column + 1 < width) table[position * width + column + 1] = Math.cos(phase);
    }
  }
  return table;
}
