import * as Plot from "npm:@observablehq/plot";
import {median} from "npm:d3";
import type {CallFacts} from "../core/types.js";
import {perCell} from "./batch-points.js";
import {extend} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatDuration, formatInteger, formatNumber} from "./format.js";

/** The figure; no batches: `waiting` says why. */
export type BatchTimes = HTMLElement & {update(batches: readonly CallFacts[], waiting?: string): void};

const height = 240;

/** Milliseconds a cell, batch by batch in the order of the run, with their median; larger dots are larger batches. */
export function batchTimes(): BatchTimes {
  const frame = figureFrame({height: height + 10});
  const show = frame.update;
  const update = (batches: readonly CallFacts[], waiting = "No call of the model yet."): void => {
    const points = perCell(batches);
    if (points.length === 0) return show(null, waiting);
    const middle = median(points, ({each}) => each) ?? NaN;
    const most = points.at(-1)!.done;
    show({
      title: "Time of a cell, call by call of the model",
      caption:
        `A dot is a call of the model, larger for more cells in it: ${formatInteger(points.length)} calls, ${formatInteger(most)} cells. ` +
        `Dashed: the median, ${formatDuration(middle)} a cell. The first call includes warming up, and a page in the background is slowed down by the browser.`,
      label: `Milliseconds a cell for ${points.length} calls: median ${formatNumber(middle)} ms, from ${formatNumber(Math.min(...points.map(({each}) => each)))} to ${formatNumber(Math.max(...points.map(({each}) => each)))} ms.`,
      draw: (width) =>
        Plot.plot({
          width,
          height,
          marginLeft: 55,
          marginTop: 26,
          marginBottom: 42,
          x: {label: "cells finished, in the order of the run →", domain: [0, most], ticks: width < 500 ? 4 : 8},
          y: {label: "↑ ms a cell", zero: true, grid: true, ticks: 5},
          r: {range: [0, 7], domain: [0, Math.max(...points.map(({cells}) => cells))]},
          marks: [
            Plot.ruleY([middle], {stroke: "var(--wb-warning)", strokeDasharray: "4 3"}),
            Plot.dot(points, {
              x: "done",
              y: "each",
              r: "cells",
              fill: "var(--workbook-category-1)",
              fillOpacity: 0.75,
              channels: {batch: {value: "cells", label: "sentences"}, tokens: {value: "length", label: "tokens each"}},
              tip: {format: {x: true, y: (value: number) => formatDuration(value), r: false}}
            })
          ]
        })
    });
  };
  update([]);
  return extend(frame, {update});
}
