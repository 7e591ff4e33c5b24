import type {Sampling} from "../core/types.js";
import {formatShare} from "./format.js";

/** What the advice is drawn from: the noise measured under both ways of sampling. */
export interface MeasuredSampling {
  sampling: Sampling;
  k: number;
  sameCell: {quantiles: readonly number[]};
  withinType: {count: number; quantiles: readonly number[]};
  allCells: {count: number; quantiles: readonly number[]};
  averages: readonly {averaged: number; overlap: number}[];
}

/** One use of a map, and the sampling to choose for it. */
export interface Advice {
  purpose: string;
  choice: string;
  why: string;
}

/** A difference of overlaps below this is no reason to choose one sampling over another. */
const noGain = 0.02;

/**
 * Which sampling to choose for what, in words that follow from the measured numbers; none unless both samplings were
 * measured. The reference is always the choice for comparisons with the published model: nothing else gives its vectors.
 */
export function samplingAdvice(samplings: readonly MeasuredSampling[]): Advice[] {
  const reference = samplings.find(({sampling}) => sampling === "reference");
  const low = samplings.find(({sampling}) => sampling === "low-variance");
  if (reference === undefined || low === undefined) return [];
  const [one, lowOne] = [reference.averages[0], low.averages[0]];
  const mean = reference.averages.at(-1)!;
  const lowMean = low.averages.at(-1)!;
  const gain = lowOne.overlap - one.overlap;
  const kept = (share: number) => `${formatShare(share)} of a cell's ${reference.k} nearest`;
  const looking: Advice =
    gain > noGain
      ? {
          purpose: "to look at these cells alone (neighbors, groups, a map)",
          choice: "low-variance sampling, one draw",
          why: `at the same cost it keeps ${kept(lowOne.overlap)} when the seed changes, the reference ${formatShare(one.overlap)}`
        }
      : {
          purpose: "to look at these cells alone (neighbors, groups, a map)",
          choice: "either sampling",
          why: `low-variance sampling keeps ${kept(lowOne.overlap)} when the seed changes, the reference ${formatShare(one.overlap)}: here nothing is gained by it`
        };
  const advice: Advice[] = [
    {
      purpose: "to compare with published UCE-brain vectors, or to repeat them",
      choice: "reference sampling, one draw",
      why: "it alone draws the genes that the reference draws; the others give other vectors, not better copies"
    },
    looking
  ];
  if (mean.averaged > 1) {
    const better = lowMean.overlap - mean.overlap > noGain ? lowMean : mean;
    const name = better === lowMean ? "low-variance" : "reference";
    const than = better === lowMean ? lowOne : one;
    if (better.overlap - Math.max(one.overlap, lowOne.overlap) > noGain) {
      advice.push({
        purpose: "where single cells matter, and time does not",
        choice: `the mean of ${better.averaged} draws, ${name} sampling`,
        why: `it keeps ${formatShare(better.overlap)} where one draw keeps ${formatShare(than.overlap)}, in ${better.averaged} times the time`
      });
    }
  }
  return advice;
}

/** What the cosines say of the smallest difference worth reading, for one way of sampling. */
export function noiseInWords({sampling, sameCell, withinType, allCells}: MeasuredSampling): string {
  const [others, who] = withinType.count > 0 ? [withinType, "cells of its own type"] : [allCells, "other cells"];
  const median = sameCell.quantiles[2];
  const [, , middle, quarter, top] = others.quantiles as [number, number, number, number, number];
  const name = sampling === "reference" ? "Reference sampling" : "Low-variance sampling";
  const start = `${name}: a cell has a median cosine of ${median.toFixed(2)} with itself under another seed, and of ${middle.toFixed(2)} with ${who}. `;
  if (median > top)
    return `${start}That is above 95 % of those pairs: cells stay themselves, and the smallest distances are the seed's.`;
  if (median > quarter)
    return `${start}That is above three quarters of those pairs, not above 95 %: differences between near neighbors are partly the seed's.`;
  return `${start}Many pairs of different cells are as alike as a cell is to itself: what the map shows within a type is largely the seed's.`;
}
