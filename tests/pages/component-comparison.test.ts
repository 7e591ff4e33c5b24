// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {componentComparison} from "../../src/components/pages/component-comparison.js";

/** A comparison whose worker never answers until told to. */
function comparisonOf() {
  const words: string[] = [];
  const filled: number[] = [];
  const ask = vi.fn(
    (_: string, {rows}: {rows: Int32Array}, {signal}: {signal: AbortSignal}) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        answer = () => resolve({rows, positions: new Float32Array(2 * rows.length)});
      })
  );
  let answer = () => {};
  const comparison = componentComparison({
    ask: ask as never,
    fill: (rows) => filled.push(rows.length),
    empty: (message) => words.push(message),
    say: (message) => words.push(message)
  });
  const [make, stop] = [...comparison.caption.querySelectorAll("button")] as [HTMLButtonElement, HTMLButtonElement];
  const compare = (cells: number) =>
    comparison.compare({matrix: "X", rows: new Int32Array(cells), neighbors: 15, minDist: 0.1, seed: 42, epochs: null});
  return {comparison, compare, ask, words, filled, make, stop, answer: () => answer()};
}

test("few cells are compared at once; more are offered with the time that they take, and made on request", async () => {
  const {compare, ask, words, filled, make, stop, answer} = comparisonOf();
  void compare(5000);
  expect(ask).toHaveBeenCalledTimes(1);
  expect([make.hidden, stop.hidden]).toEqual([true, false]);
  stop.click();
  await vi.waitFor(() => expect(words.at(-1)).toMatch(/given up/));
  expect([make.hidden, stop.hidden]).toEqual([false, true]);

  void compare(8000);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(words.at(-1)).toMatch(/8,000 cells take about 20 s/);
  make.click();
  expect(ask).toHaveBeenCalledTimes(2);
  answer();
  await vi.waitFor(() => expect(filled).toEqual([8000]));
  expect([make.hidden, stop.hidden]).toEqual([true, true]);
});

test("too many cells are refused with the reason, and what is cleared does not come back", async () => {
  const {comparison, compare, ask, words, filled, make, answer} = comparisonOf();
  void compare(20_001);
  expect(words.at(-1)).toMatch(/more than 20,000 cells/);
  expect(make.hidden).toBe(true);
  void compare(100);
  comparison.clear("no map");
  answer();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([ask.mock.calls.length, filled.length, words.at(-1)]).toEqual([1, 0, "no map"]);
});
