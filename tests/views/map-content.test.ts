// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {colorScale} from "../../src/components/views/color-scale.js";
import {mapContent} from "../../src/components/views/map-content.js";

test("groups without a place are told of while their cells are on the map, and no longer than that", () => {
  vi.stubGlobal("matchMedia", () => ({matches: false}));
  HTMLCanvasElement.prototype.getContext = () => null;
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
