/**
 * The figures that other projects import as "uce-workbook/views" (docs/notebook.md). Each is an element that is made once, with or without
 * data, and given other data. `readCells` says of a cells table what maps and legends take.
 */
export {readCells} from "../core/tables/cells.js";
export {coloredMap} from "./colored-map.js";
export type {ColoredMap, MappedFile} from "./colored-map.js";
export {neighborFigure} from "./neighbor-figure.js";
export {overlapView} from "./overlap-view.js";
export {probabilitiesView} from "./probabilities-view.js";
export {seedMaps} from "./seed-maps.js";
export {spreadFigures} from "./spread-figures.js";
