import {WorkbookError} from "../errors.js";
import {assemble} from "../wasm/assemble.js";
import {panelColumns, productFunction} from "../wasm/product-function.js";

/** Products of rows with rows in float32, 96 x 96 at a time, in WebAssembly's 128-bit units. */
export interface RowProducts {
  /** Rows of a tile. */
  readonly tile: number;
  /** Most by which a product of two rows may differ from the true one, relative to the product of their lengths. */
  readonly error: number;
  /** Writes a row (its `width` numbers) to place `row`. Rows that are not written are zeros. */
  setRow(row: number, values: ArrayLike<number>, scale: number): void;
  /** Makes these rows, at most 96, the columns of the products that follow. */
  setColumns(rows: Int32Array): void;
  /** Products of the rows from 96 `tile` on with the columns: row-major, 96 x 96, valid until the next call. Columns beyond the rows given hold anything. */
  products(tile: number): Float32Array;
}

/** Rows that are multiplied at a time. */
export const rowTile = 96;
const tile = rowTile;
const panel = panelColumns("float32");
const page = 65_536;
/** Rounding of float32. */
const unit = 2 ** -24;

/**
 * Room for `rows` rows of `width` numbers, to be multiplied with each other: 4 bytes a number. Throws a WorkbookError of domain "space" if the
 * room cannot be had.
 */
export async function openRowProducts(rows: number, width: number): Promise<RowProducts> {
  const tiles = Math.max(1, Math.ceil(rows / tile));
  const chunks = Math.ceil(width / 64);
  const chunk = 4 * Math.ceil(width / chunks / 4);
  const depth = chunks * chunk;
  const bytes = 4 * tile * depth;
  const [columnsAt, outAt] = [tiles * bytes, (tiles + 1) * bytes];
  const memory = openMemory(outAt + 4 * tile * tile, rows, width);
  const codeOf = (fused: boolean) =>
    assemble([productFunction("product", {type: "float32", depth, chunk, strideA: depth, strideC: tile, fused})]);
  const relaxed = codeOf(true);
  const code = WebAssembly.validate(relaxed) ? relaxed : codeOf(false);
  const {instance} = await WebAssembly.instantiate(code, {env: {memory}});
  const product = instance.exports.product as (a: number, b: number, c: number, endA: number, endB: number) => void;
  const numbers = new Float32Array(memory.buffer);
  const columns = numbers.subarray(columnsAt / 4, outAt / 4);
  const out = numbers.subarray(outAt / 4, outAt / 4 + tile * tile);
  return {
    tile,
    // Both factors rounded, one product, the sums of a chunk, the sums of chunks; twice the first-order bound leaves room for the higher orders.
    error: 2 * unit * (3 + chunk + chunks),
    setRow(row, values, scale) {
      const at = row * depth;
      for (let i = 0; i < width; i += 1) numbers[at + i] = values[i] * scale;
    },
    setColumns(rows) {
      rows.forEach((row, column) => {
        const source = row * depth;
        const target = Math.floor(column / panel) * panel * depth + (column % panel);
        for (let i = 0; i < depth; i += 1) columns[target + panel * i] = numbers[source + i];
      });
    },
    products(of) {
      out.fill(0);
      product(of * bytes, columnsAt, outAt, (of + 1) * bytes, outAt);
      return out;
    }
  };
}

function openMemory(bytes: number, rows: number, width: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({initial: Math.ceil(bytes / page)});
  } catch (cause) {
    const fault = `There is no room for ${rows.toLocaleString("en-US")} rows of width ${width}`;
    const remedy = "close other pages and programs, or choose fewer cells";
    throw new WorkbookError({domain: "space", code: "out-of-memory", fault, remedy}, {cause});
  }
}
