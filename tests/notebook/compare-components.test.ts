// @vitest-environment jsdom
import {beforeEach, expect, test, vi} from "vitest";
import type {Stage} from "../../src/components/core/stages/stage.js";
import {cellsTable} from "../../src/components/core/tables/cells.js";
import {provenance} from "../core/tables/made-tables.js";
import {compareComponents} from "../../src/components/notebook/compare-components.js";
import type {MapLayout} from "../../src/components/views/map-layout.js";

beforeEach(() => localStorage.clear());

/** A comparison whose worker never answers until told to. */
function comparisonOf(cells: number) {
  const words: string[] = [];
  const filled: number[] = [];
  const caption = document.createElement("span");
  let answer = () => {};
  const ask = vi.fn(
    (_: unknown, __: string, {rows}: {rows: Int32Array}, {signal}: {signal: AbortSignal}) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        answer = () => resolve({rows, positions: new Float32Array(2 * rows.length)});
      })
  );
  const update = (layout: MapLayout | null, said = "") => {
    if (layout === null) words.push(said);
    else filled.push(layout.rows!.length);
  };
  // One more cell, which has no counts and so no vector.
  const rows = Int32Array.from({length: cells + 1}, (_, row) => row);
  const numbers = new Float64Array(rows.length);
  const table = cellsTable(
    {
      rows,
      cellIds: Array.from(rows, String),
      status: Array.from(rows, (row) => (row === 0 ? "empty" : "ok")),
      totalCounts: numbers,
      nGenes: new Int32Array(rows.length),
      alignedCounts: numbers,
      obs: []
    },
    provenance
  );
  const load = {parent: null, table: async () => table};
  // The map's own table does not come, nor do the vectors.
  const stage = {parent: {parent: load}, table: () => new Promise(() => {})} as unknown as Stage;
  const wish = new AbortController();
  const over = compareComponents({caption, update}, stage, {ask: ask as never, signal: wish.signal});
  const button = (name: string) =>
    [...caption.querySelectorAll("button")].find(({textContent}) => textContent === name)!;
  return {over, wish, ask, words, filled, button, answer: () => answer()};
}

const hidden = ({button}: ReturnType<typeof comparisonOf>) => [button("Make this map").hidden, button("Cancel").hidden];

test("few cells are compared at once, can be given up, and are offered again", async () => {
  const few = comparisonOf(5000);
  await vi.waitFor(() => expect(few.ask).toHaveBeenCalledTimes(1));
  expect(hidden(few)).toEqual([true, false]);
  few.button("Cancel").click();
  await vi.waitFor(() => expect(few.words.at(-1)).toMatch(/given up/));
  expect(hidden(few)).toEqual([false, true]);
  few.button("Make this map").click();
  await vi.waitFor(() => expect(few.ask).toHaveBeenCalledTimes(2));
  few.answer();
  await few.over;
  expect(few.filled).toEqual([5000]);
  expect(hidden(few)).toEqual([true, true]);
});

test("more cells are offered with the time that they take, and made on request", async () => {
  const more = comparisonOf(8000);
  await vi.waitFor(() => expect(more.words.at(-1)).toMatch(/8,000 cells take about 5 s/));
  expect(more.ask).not.toHaveBeenCalled();
  more.button("Make this map").click();
  await vi.waitFor(() => expect(more.ask).toHaveBeenCalledTimes(1));
  more.answer();
  await more.over;
  expect(more.filled).toEqual([8000]);
});

test("too many cells are refused with the reason, and one is nothing to compare", async () => {
  const most = comparisonOf(20_001);
  await most.over;
  expect(most.words.at(-1)).toMatch(/more than 20,000 cells/);
  expect(most.button("Make this map").hidden).toBe(true);
  const one = comparisonOf(1);
  await one.over;
  expect(one.words.at(-1)).toMatch(/Two cells or more/);
  expect([...most.ask.mock.calls, ...one.ask.mock.calls]).toEqual([]);
});

test("what is no longer wanted ends, and does not come back", async () => {
  const gone = comparisonOf(100);
  await vi.waitFor(() => expect(gone.ask).toHaveBeenCalledTimes(1));
  const said = gone.words.length;
  gone.wish.abort();
  gone.answer();
  await gone.over;
  expect([gone.filled.length, gone.words.length]).toEqual([0, said]);
});
