// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {neighborFigure} from "../../src/components/views/neighbor-figure.js";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    disconnect() {}
  }
);
vi.stubGlobal("matchMedia", () => new EventTarget());
vi.stubGlobal("requestAnimationFrame", () => 1);
vi.stubGlobal("cancelAnimationFrame", () => {});
vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);

test("a cell's neighbors in the embedding and on the map are listed with both ranks, and either map chooses another cell", () => {
  const figure = neighborFigure({title: "Neighbors"});
  // Row 1 is left out of the map; rows 0, 2, 3, 4 lie on a line.
  const placed = {rows: Int32Array.of(0, 2, 3, 4), positions: Float32Array.of(0, 0, 1, 0, 3, 0, 6, 0)};
  const file = {cellIds: ["a", "b", "c", "d", "e"], obs: []};
  figure.update({
    file,
    placed,
    column: null,
    near: {row: 0, rows: Int32Array.of(4, 2), cosines: Float64Array.of(0.9, 0.8)},
    ranks: {ranks: Int32Array.of(2, 3), cosines: Float64Array.of(0.8, 0.7)}
  });
  const rows = (list: string) =>
    Array.from(figure.querySelectorAll(`[data-list="${list}"] tbody tr`), (row) =>
      Array.from(row.children, ({textContent}) => textContent)
    );
  expect(rows("space")).toEqual([
    ["e", "0.90", "3", "1"],
    ["c", "0.80", "1", "2"]
  ]);
  expect(rows("map")).toEqual([
    ["1", "2", "0.80", "c"],
    ["2", "3", "0.70", "d"]
  ]);
  expect(figure.textContent).toContain("1 of its 2 nearest cells in the embedding are among its 2 nearest on the map");
  const chosen: number[] = [];
  figure.addEventListener("cell", (event) => chosen.push((event as CustomEvent<number>).detail));
  const press = (canvas: Element, key: string) => canvas.dispatchEvent(new KeyboardEvent("keydown", {key}));
  const [whole, part] = figure.querySelectorAll("canvas");
  press(whole, "ArrowRight");
  press(part, "ArrowRight");
  press(whole, "ArrowDown");
  expect(chosen).toEqual([2, 2]);
  figure.update(null, "Waiting");
  expect(figure.textContent).toContain("Waiting");
});
