import type {LabelCounts} from "../core/away/labeled-columns.js";
import {formatCount, formatInteger} from "./format.js";

/** Labels that are named beside the first; more are counted. */
const named = 2;

/** What some cells are, in one sentence, most cells first: "36 of 41 cells: B cell, mean confidence 0.93; T cell (2), 3 unknown." A label is a name: it gets no plural. */
export function labelWords({cells, unknown, without, parts}: LabelCounts): string {
  if (cells === 0) return "No cells are selected.";
  const told = parts.map(({name, cells: n, confidence}) => ({
    n,
    first: `${name}, mean confidence ${confidence.toFixed(2)}`,
    other: `${name} (${formatInteger(n)})`
  }));
  const rest = {n: unknown, first: "unknown", other: `${formatInteger(unknown)} unknown`};
  const leads = told.length === 0 || unknown > told[0].n;
  const [first, ...others] = leads ? [rest, ...told] : [...told, ...(unknown > 0 ? [rest] : [])];
  if (first.n === 0) return `${formatCount(cells, "cell")} without a vector.`;
  const labels = others.filter((one) => one !== rest);
  const shown = labels.length === named + 1 ? labels : labels.slice(0, named);
  const more = labels.slice(shown.length);
  const words = shown.map(({other}) => other);
  if (more.length > 0)
    words.push(
      `${formatInteger(more.reduce((sum, {n}) => sum + n, 0))} with ${formatCount(more.length, "other label")}`
    );
  if (others.includes(rest)) words.push(rest.other);
  if (without > 0) words.push(`${formatInteger(without)} without a vector`);
  const all =
    first.n === cells ? formatCount(cells, "cell") : `${formatInteger(first.n)} of ${formatCount(cells, "cell")}`;
  return `${all}: ${first.first}${words.length > 0 ? `; ${words.join(", ")}` : ""}.`;
}
