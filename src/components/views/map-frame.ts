import {h, setText, uniqueId} from "./dom.js";
import {mapIcon} from "./map-icon.js";
import type {SelectionShape} from "./map-select.js";
import type {MapOptions} from "./map-types.js";

export const umapCaption =
  "UMAP 1 and UMAP 2, in no unit. Neighbors tend to be alike; distances between islands, their sizes and the gaps carry no meaning.";

/** What the buttons of a map do. */
export interface MapActions {
  zoom(factor: number): void;
  all(): void;
  names(): void;
  shape(shape: SelectionShape): void;
}

/** The elements of a map: a figure with a frame, in it the canvas, marks, words and buttons; under it the caption. */
export function mapFrame(
  {width, height, aspect = 4 / 3, title = "Map of cells", caption = umapCaption, selectable = false}: MapOptions,
  actions: MapActions
) {
  const wordsId = uniqueId("map");
  const canvas = h("canvas", {
    class: "wb-map-canvas",
    tabindex: 0,
    role: "img",
    "aria-label": title,
    "aria-describedby": wordsId
  });
  const ring = h("div", {class: "wb-map-ring", hidden: true});
  const pin = h("div", {class: "wb-map-ring wb-map-pin", hidden: true});
  const message = h("div", {class: "wb-map-message", hidden: true});
  const hint = h("div", {class: "wb-map-hint", role: "status"});
  const status = h("div", {class: "wb-map-status"});
  const button = (label: string, sign: string | Node, onclick: () => void): HTMLButtonElement =>
    h("button", {type: "button", class: "wb-map-button", "aria-label": label, title: label, onclick}, sign);
  const namesButton = button("Names of groups", "Aa", actions.names);
  const shapes = (["lasso", "rectangle"] as const).map((shape) => {
    const element = button(`Select with a ${shape}`, mapIcon(shape), () => actions.shape(shape));
    element.setAttribute("aria-pressed", "false");
    return {shape, element};
  });
  const toolbar = h(
    "div",
    {class: "wb-map-toolbar", role: "group", "aria-label": `Tools of ${title}`},
    button("Zoom in", "+", () => actions.zoom(1.6)),
    button("Zoom out", "−", () => actions.zoom(1 / 1.6)),
    button("Show all", mapIcon("all"), actions.all),
    namesButton,
    selectable ? shapes.map(({element}) => element) : []
  );
  const frame = h("div", {class: "wb-map-frame"}, canvas, pin, ring, status, hint, message, toolbar);
  if (width !== undefined) frame.style.width = `${width}px`;
  if (height !== undefined) frame.style.height = `${height}px`;
  else frame.style.setProperty("--wb-aspect", String(aspect));
  const unnamed = h("p", {class: "wb-map-unnamed"});
  const tellUnnamed = (groups: readonly string[] | null): void => setText(unnamed, unnamedWords(groups));
  const words = h("span", {class: "wb-hidden", id: wordsId});
  const root = h("figure", {class: "wb-map"}, frame, unnamed, h("figcaption", {}, caption), words);
  return {root, frame, canvas, ring, pin, message, hint, status, words, toolbar, namesButton, shapes, tellUnnamed};
}

/** What is said of groups without a name on the map; null: there are too many. */
function unnamedWords(groups: readonly string[] | null): string {
  if (groups === null) return "Too many groups to name on the map. Pick one in the legend to find it.";
  if (groups.length === 0) return "";
  return `No clear place, so no name on the map: ${groups.join(", ")}. Pick one in the legend to find it.`;
}
