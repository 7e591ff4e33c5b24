import type {LeftOutFeatures} from "./features.js";

/** Features that are not genes, as part of a sentence: "4 of Antibody Capture; 900 of Peaks", with shares of counts where they are known (0 to 1). */
export function leftOutWords(leftOut: readonly (LeftOutFeatures & {share?: number | null})[]): string {
  return leftOut
    .map(({type, count, share}) => {
      const part = share === null || share === undefined ? "" : `, ${percent(share)} of the counts`;
      return `${count.toLocaleString("en")} of ${type}${part}`;
    })
    .join("; ");
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(share < 0.001 ? 1 : 3))} %`;
}
