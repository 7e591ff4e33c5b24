import {svg} from "./svg.js";

/** What a map's buttons do that no letter stands for. */
export type MapIconName = "all" | "lasso" | "rectangle";

/** Lines of each icon on a field of 16 x 16. */
const lines: Record<MapIconName, {d: string; dashed?: boolean}[]> = {
  // Arrows into two corners.
  all: [{d: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9"}],
  // A loop with its end hanging out.
  lasso: [
    {d: "M5 10.6C2.9 9.9 1.5 8.6 1.5 7c0-2.5 2.9-4.5 6.5-4.5s6.5 2 6.5 4.5-2.9 4.5-6.5 4.5c-.6 0-1.2 0-1.7-.2"},
    {d: "M5.6 9.5a1.3 1.3 0 1 0 .1 2.5c.5 1.1.1 2-1.2 2.5"}
  ],
  rectangle: [{d: "M2.5 4h11v8h-11z", dashed: true}]
};

/** An icon of a map's button, drawn in the color of its text; the button itself has the name. */
export function mapIcon(name: MapIconName): SVGSVGElement {
  const paths = lines[name].map(({d, dashed}) => svg("path", {d, "stroke-dasharray": dashed ? "2.4 1.8" : null}));
  return svg("svg", {viewBox: "0 0 16 16", class: "wb-map-icon", "aria-hidden": true}, ...paths);
}
