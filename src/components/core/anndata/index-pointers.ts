import {WorkbookError} from "../errors.js";
import type {H5Reader} from "./h5-reader.js";
import type {MatrixInfo} from "./matrix-info.js";
import {readNumbers, toFloat64} from "./values.js";

const windowLength = 1 << 16;

/** Row (csr) or column (csc) pointers of a sparse matrix, read in windows and checked: ascending, inside the data (scipy: check_format). */
export class IndexPointers {
  private start = 0;
  private window: Float64Array = new Float64Array(0);

  constructor(
    private readonly reader: H5Reader,
    private readonly matrix: MatrixInfo
  ) {}

  /**
   * Number of entries: where the last row (column) ends. Values and indices may be longer, as scipy leaves them when it drops
   * entries in place; what stands there is no part of the matrix.
   */
  entries(): number {
    const {encoding, nRows, nCols} = this.matrix;
    return this.at(encoding === "csr" ? nRows : nCols);
  }

  /** First entry of row (column) `i`; of the one after the last, the number of entries. */
  at(i: number): number {
    if (i < this.start || i >= this.start + this.window.length) this.load(i);
    return this.window[i - this.start];
  }

  private load(i: number): void {
    const {
      matrix: {nRows, nCols, encoding, stored}
    } = this;
    const length = (encoding === "csr" ? nRows : nCols) + 1;
    const start = Math.max(0, i - 1); // so that the step into the window is checked too
    this.start = start;
    this.window = toFloat64(readNumbers(this.reader, this.place, [[start, Math.min(length, start + windowLength)]]));
    let previous = 0;
    for (let k = 0; k < this.window.length; k++) {
      const pointer = this.window[k];
      if (pointer < previous || pointer > stored) {
        throw this.damaged(`entry ${start + k} is ${pointer}, after ${previous}, of ${stored}`);
      }
      previous = pointer;
    }
    if (start === 0 && this.window[0] !== 0) throw this.damaged(`it starts at ${this.window[0]}, not 0`);
  }

  private get place(): string {
    return `${this.matrix.place}/indptr`;
  }

  private damaged(fault: string): WorkbookError {
    return new WorkbookError({
      domain: "anndata",
      code: "damaged-matrix",
      place: this.place,
      fault: `the pointers of matrix ${this.matrix.name} of ${this.reader.name} are damaged: ${fault}`,
      remedy: "write the file again with anndata's write_h5ad"
    });
  }
}
