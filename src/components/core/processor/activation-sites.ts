import {queryColumns} from "./attention-functions.js";
import {splitBytes} from "./block-functions.js";
import {headColumns, type ProcessorLayout} from "./processor-layout.js";
import {rowStride} from "./row-stride.js";

/** Rows that go through a layer together, so that they stay in the cache; a multiple of 8. */
export const blockRows = 192;

/** Addresses of what lies between the steps of a sentence, and how many bytes it is in all. */
export interface ActivationSites {
  /** Rows: those of the sentence, up to a multiple of 8. */
  padded: number;
  /** The stream of rows. */
  stream: number;
  /** A head after the other: keys as rows of `headColumns`. */
  keys: number;
  /** Values in groups of 4 columns. */
  values: number;
  /** A block's queries as rows, then its attended rows. */
  attended: number;
  /** A block's queries as panels. */
  queries: number;
  /** Products that are added to the stream. */
  product: number;
  hidden: number;
  /** A block's rows in two parts of 7 bits, where matrices stay in blocks. */
  parts: number;
  scores: number;
  shares: number;
  /** Four rows of the blocks behind the layers, twice. */
  outputs: [number, number];
  bytes: number;
}

/** What a sentence of `length` rows takes from address `at` on, a multiple of 64. */
export function activationSites(
  {model, blocks}: Pick<ProcessorLayout, "model" | "blocks">,
  length: number,
  at = 0
): ActivationSites {
  const {width: d, heads, feedForward, output} = model;
  const padded = 8 * Math.ceil(length / 8);
  const rows = Math.min(blockRows, padded);
  const stride = rowStride(d);
  let end = at;
  const take = (numbers: number): number => {
    const from = end;
    end += 64 * Math.ceil(numbers / 16);
    return from;
  };
  const widest = 4 * Math.max(...output.map(({width}) => rowStride(width)));
  const sites = {
    padded,
    stream: take(padded * stride),
    keys: take(padded * heads * headColumns(model)),
    values: take(padded * d),
    attended: take(rows * stride),
    queries: take(rows * d),
    product: take(rows * stride),
    hidden: take(rows * rowStride(feedForward)),
    parts: take(blocks ? (rows * splitBytes(Math.max(d, feedForward, ...output.map(({width}) => width)))) / 4 : 0),
    scores: take(padded * queryColumns),
    shares: take(queryColumns),
    outputs: [take(widest), take(widest)] as [number, number]
  };
  return {...sites, bytes: end - at};
}
