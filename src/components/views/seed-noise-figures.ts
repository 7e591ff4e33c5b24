import type {SamplingNoise, TrustSeeds} from "../core/questions/trust-seeds.js";
import {cosineStrips, type CosineStrip} from "./cosine-strips.js";
import {h} from "./dom.js";
import {noiseInWords, samplingAdvice} from "./sampling-advice.js";
import {seedTable} from "./seed-table.js";
import {widened} from "./widened.js";

const names = {reference: "reference (as UCE-brain)", "low-variance": "low-variance"};

/** Distributions, table and advice of a measurement. */
export function seedNoiseFigures({samplings, labels, embedded, rows}: TrustSeeds): HTMLElement[] {
  const from = Math.min(...samplings.map((one) => one.from));
  const strips = ({sameCell, withinType, betweenTypes, allCells, from: start}: SamplingNoise): CosineStrip[] => {
    // Strips of one figure share an axis: a histogram that begins further right gets empty bins before it.
    const onAxis = (histogram: ArrayLike<number>) => widened(histogram, start, from);
    const typed = withinType.count > 0;
    return [
      {...sameCell, name: "same cell, another seed", histogram: onAxis(sameCell.histogram), color: 1},
      ...(typed
        ? [
            {...withinType, name: `another cell of its ${labels}`, histogram: onAxis(withinType.histogram), color: 2},
            {...betweenTypes, name: `a cell of another ${labels}`, histogram: onAxis(betweenTypes.histogram), color: 3}
          ]
        : [{...allCells, name: "another cell", histogram: onAxis(allCells.histogram), color: 2}])
    ];
  };
  const advice = samplingAdvice(samplings);
  const table = samplings.flatMap(({sampling, averages, msPerSentence}) =>
    averages.map((one) => ({
      ...one,
      sampling: names[sampling],
      msPerCell: msPerSentence * one.averaged,
      msForAll: msPerSentence * one.averaged * embedded
    }))
  );
  const {k, chanceOverlap} = samplings[0];
  return [
    cosineStrips({
      from,
      groups: samplings.map((one) => ({name: `${names[one.sampling]} sampling`, strips: strips(one)}))
    }),
    ...samplings.map((one) => h("p", {class: "wb-trust-reading"}, noiseInWords(one))),
    seedTable({rows: table, cells: rows.length, k, chanceOverlap, all: embedded}),
    h(
      "div",
      {class: "wb-advice"},
      h("h3", {}, "Which sampling to choose"),
      h(
        "dl",
        {},
        advice.flatMap(({purpose, choice, why}) => [
          h("dt", {}, `${purpose}:`),
          h("dd", {}, h("strong", {}, choice), `; ${why}.`)
        ])
      )
    )
  ];
}
