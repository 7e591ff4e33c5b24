import {readFileSync} from "node:fs";
import type {CsrBlock, ModelGene, SentenceConstants} from "../../../src/components/core/types.js";

/** The constants of the published checkpoints. */
export const constants: SentenceConstants = {
  sampleSize: 1024,
  pad: 0,
  cls: 1,
  chromosomeEnd: 2000,
  chromosomeOffset: 1000
};

/** 0, 1, ... length - 1. */
export function ascending(length: number): Int32Array {
  return Int32Array.from({length}, (_, i) => i);
}

/** Unsigned 32-bit words as eight hexadecimal digits each. */
export function hex(words: Iterable<number>): string[] {
  return Array.from(words, (word) => word.toString(16).padStart(8, "0"));
}

/** Content of a base64 text. */
export function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, "base64")).buffer;
}

/** A block of dense rows; zeros are left out. */
export function blockOf(dense: number[][], firstRow = 0): CsrBlock {
  const indices: number[] = [];
  const values: number[] = [];
  const indptr = [0];
  for (const row of dense) {
    for (const [column, value] of row.entries()) {
      if (value !== 0) {
        indices.push(column);
        values.push(value);
      }
    }
    indptr.push(indices.length);
  }
  return {
    rows: Int32Array.from(dense, (_, i) => firstRow + i),
    nCols: dense[0].length,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values)
  };
}

/** Genes named A, B, C ... with tokens 20000, 20001 ... on the chromosomes and starts given. */
export function genesAt(...places: [chromosome: number, start: number][]): ModelGene[] {
  return places.map(([chromosome, start], i) => ({
    symbol: String.fromCharCode(65 + i),
    token: 20000 + i,
    chromosome,
    start
  }));
}

/** One cell of the fixture, decoded; what is null has no distribution. */
export interface FixtureCell {
  row: number;
  columns: Int32Array;
  counts: Float64Array;
  genes: Int32Array | null;
  probabilities: Float32Array | null;
  draws: number[] | null;
  chromosomes: number[] | null;
  reference: number[] | null;
  lowVariance: number[] | null;
  secondRound: number[] | null;
}

/** The synthetic cells that tests/reference/make-cells-fixture.py made. */
export function readCellsFixture(): {
  nCellsInFile: number;
  genes: ModelGene[];
  names: string[];
  unmatched: string[];
  cells: FixtureCell[];
  block: CsrBlock;
} {
  const path = new URL("../../fixtures/cells/cells.json", import.meta.url);
  const file = JSON.parse(readFileSync(path, "utf8")) as {
    nCellsInFile: number;
    genes: ModelGene[];
    names: string[];
    unmatched: string[];
    cells: Record<string, never>[];
  };
  const shorts = (text: string | undefined): number[] | null =>
    text === undefined ? null : [...new Uint16Array(bytesOf(text))];
  const cells = file.cells.map((cell): FixtureCell => ({
    row: cell.row,
    columns: new Int32Array(bytesOf(cell.columns)),
    counts: new Float64Array(bytesOf(cell.counts)),
    genes: cell.genes === undefined ? null : new Int32Array(bytesOf(cell.genes)),
    probabilities: cell.probabilities === undefined ? null : new Float32Array(bytesOf(cell.probabilities)),
    draws: shorts(cell.draws),
    chromosomes: cell.chromosomes ?? null,
    reference: shorts(cell.reference),
    lowVariance: shorts(cell.lowVariance),
    secondRound: shorts(cell.secondRound)
  }));
  const indptr = new Int32Array(cells.length + 1);
  for (const [i, cell] of cells.entries()) indptr[i + 1] = indptr[i] + cell.columns.length;
  const block: CsrBlock = {
    rows: Int32Array.from(cells, (cell) => cell.row),
    nCols: file.names.length,
    indptr,
    indices: Int32Array.from(cells.flatMap((cell) => [...cell.columns])),
    values: Float64Array.from(cells.flatMap((cell) => [...cell.counts]))
  };
  return {...file, cells, block};
}
