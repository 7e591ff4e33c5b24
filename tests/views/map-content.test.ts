// @vitest-environment jsdom
import {beforeAll, expect, test} from "vitest";
import {colorScale} from "../../src/components/views/color-scale.js";
import {labelScale} from "../../src/components/views/label-scale.js";
import {mapContent} from "../../src/components/views/map-content.js";
import {referenceMapView} from "../../src/components/views/reference-map-view.js";
import {undrawn} from "./undrawn.js";

beforeAll(undrawn);

test("groups without a place are told of while their cells are on the map, and no longer than that", () => {
  // Two groups in the very same places: no place is true for either.
  const positions = Float32Array.from({length: 80}, (_, i) => Math.floor(i / 4) % 7);
  const colors = colorScale({name: "group", kind: "text", values: Array.from({length: 40}, (_, i) => `g${i % 2}`)});
  const content = mapContent({positions}, {colors});
  const view = {scale: 10, offsetX: 20, offsetY: 120};
  content.picture({view, whole: view, width: 160, height: 160, radius: 3, free: [0, 0, 0, 0]}, false);
  expect(content.unnamed).toEqual(["g0", "g1"]);
  content.setCells({positions: new Float32Array(0)});
  content.picture({view: null, whole: null, width: 160, height: 160, radius: 3, free: [0, 0, 0, 0]}, false);
  expect(content.unnamed).toEqual([]);
});

test("cells that a reference does not know are called unknown in the legend, too", () => {
  const scale = labelScale({name: "label", kind: "categorical", codes: Int32Array.of(0, -1, -1), categories: ["B"]});
  expect(scale.kind === "categorical" && scale.entries.map(({label, count}) => [label, count])).toEqual([
    ["B", 1],
    ["unknown", 2]
  ]);
});

test("a pick in the legend of a reference's map makes a label stand out, and a second lets all be alike again", () => {
  const view = referenceMapView({title: "a map"});
  const legend = view.querySelector<HTMLElement>(".wb-legend")!;
  expect(legend.hidden).toBe(true);
  const map = {
    positions: Float32Array.of(0, 0, 1, 1, 2, 2),
    codes: Int32Array.of(0, 1, 1),
    names: ["B", "T"],
    rows: Int32Array.of(0, 1, 2),
    placed: Float32Array.of(0, 1, 1, 2, 1, 0)
  };
  view.update({map, reference: "blood", cellIds: ["a", "b", "c"], labels: Int32Array.of(0, 1, -1)});
  expect(legend.hidden).toBe(false);
  const entries = () => [...legend.querySelectorAll<HTMLButtonElement>(".wb-legend-entry")];
  const pressed = () => entries().map((entry) => entry.getAttribute("aria-pressed"));
  const b = entries().findIndex(({textContent}) => textContent.startsWith("B"));
  const only = entries().map((_, k) => String(k === b));
  const none = only.map(() => "false");
  expect(pressed()).toEqual(none);
  entries()[b].click();
  expect(pressed()).toEqual(only);
  entries()[b].click();
  expect(pressed()).toEqual(none);
});
