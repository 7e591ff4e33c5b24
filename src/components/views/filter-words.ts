import type {MeasuredFiltering} from "../core/pipeline/measure-filtering.js";
import {formatInteger} from "./format.js";

/** What filtering does, in two sentences. */
export function filterWords({all, between, agreement, genes}: MeasuredFiltering): string {
  const times = between.relativeError / all.relativeError;
  const kept = formatInteger(genes.kept);
  const far =
    times > 1.25
      ? `Keeping ${kept} genes moves a cell ${times.toFixed(1)} times as far as another seed does (e ${between.relativeError.toFixed(2)} against ${all.relativeError.toFixed(2)}). Vectors of filtered and of whole files should not be compared.`
      : `Keeping ${kept} genes moves a cell hardly farther than another seed does (e ${between.relativeError.toFixed(2)} against ${all.relativeError.toFixed(2)}).`;
  if (agreement === null) return far;
  const {all: whole, some} = agreement;
  const apart = some.accuracy - whole.accuracy;
  const isApart = Math.abs(apart) > 2 * Math.max(whole.accuracyError, some.accuracyError);
  const labels = isApart
    ? `Neighbors agree on labels ${apart > 0 ? "more" : "less"} often where only these were kept (${some.accuracy.toFixed(2)} against ${whole.accuracy.toFixed(2)}).`
    : `Among themselves, filtered cells agree on labels as often as whole ones (${some.accuracy.toFixed(2)} and ${whole.accuracy.toFixed(2)}): no more than chance apart.`;
  return `${far} ${labels}`;
}
