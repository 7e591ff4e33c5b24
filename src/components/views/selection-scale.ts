import {selectionColumn} from "../core/selections/selection-column.js";
import {type NamedSelection, selectionColors} from "../core/selections/selections.js";
import {type CategoricalScale, colorScale} from "./color-scale.js";
import {darkCategories, lightCategories} from "./palette.js";

/** The color of a selection, for light and dark pages. */
export function selectionColor(color: number): {light: string; dark: string} {
  const k = color % selectionColors;
  return {light: lightCategories[k], dark: darkCategories[k]};
}

/** Colors of all `cells` cells by the named selections that they are in, each selection in its own; cells of several have colors that no selection has, by turns where there are many. */
export function selectionScale(saved: readonly NamedSelection[], cells: number): CategoricalScale {
  const scale = colorScale(selectionColumn(saved, cells, "saved selections")) as CategoricalScale;
  let joined = 0;
  const entries = scale.entries.map((entry) => {
    if (entry.kind === "missing") return {...entry, label: "in none"};
    const own = entry.kind === "category" ? saved.find(({name}) => name === entry.label) : undefined;
    if (own !== undefined) return {...entry, ...selectionColor(own.color)};
    if (entry.kind === "other") return entry;
    const k = selectionColors + (joined++ % (lightCategories.length - selectionColors));
    return {...entry, light: lightCategories[k], dark: darkCategories[k]};
  });
  const [light, dark] = [entries.map((entry) => entry.light), entries.map((entry) => entry.dark)];
  return {...scale, entries, light, dark};
}
