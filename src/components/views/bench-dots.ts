import * as Plot from "npm:@observablehq/plot";
import type {BenchRow, BenchRun} from "../core/bench/bench-run.js";
import {rowWords} from "../core/bench/row-words.js";
import {isFailing} from "./bench-table.js";
import {extend} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatNumber} from "./format.js";

/** Milliseconds a cell of a run at one length. */
export type BenchDots = HTMLElement & {update(run: BenchRun | null, length: number): void};

/** A line for each way of running the model, a dot for each batch, on a logarithmic scale; rows that fail are crosses. */
export function benchDots({rows = 12}: {rows?: number} = {}): BenchDots {
  const frame = figureFrame({height: 90 + 26 * rows});
  const show = frame.update;
  const update = (run: BenchRun | null, length: number): void => {
    const timed = run?.rows.filter((row) => row.length === length && row.ms !== null) ?? [];
    if (run === null || timed.length === 0) return show(null, "Nothing was measured yet.");
    const points = timed.map((row) => ({
      way: rowWords(row),
      ms: row.ms!.median,
      batch: row.batch,
      failing: isFailing(row),
      low: row.ms!.low,
      high: row.ms!.high
    }));
    const ways = fastestFirst(timed);
    const [best] = points.filter(({failing}) => !failing).toSorted((a, b) => a.ms - b.ms);
    const fails = points.some(({failing}) => failing)
      ? " A cross: its self-test failed, so the time is of wrong vectors."
      : "";
    show({
      title: `Milliseconds a cell at ${length.toLocaleString("en-US")} tokens`,
      caption: `Median of each batch; the number beside a dot is its batch. Logarithmic scale; the fastest way is at the top.${fails}`,
      label: `${points.length} times of ${ways.length} ways. ${best === undefined ? "All fail." : `Fastest: ${best.way}, batch ${best.batch}, ${formatNumber(best.ms)} ms.`}`,
      draw: (width) => draw(points, ways, width)
    });
  };
  return extend(frame, {update});
}

interface Point {
  way: string;
  ms: number;
  batch: number;
  failing: boolean;
  low: number;
  high: number;
}

function fastestFirst(rows: readonly BenchRow[]): string[] {
  const least = new Map<string, number>();
  for (const row of rows) least.set(rowWords(row), Math.min(least.get(rowWords(row)) ?? Infinity, row.ms!.median));
  return [...least].toSorted((a, b) => a[1] - b[1]).map(([way]) => way);
}

function draw(points: readonly Point[], ways: readonly string[], width: number): Element {
  const narrow = width < 760;
  const [low, high] = [Math.min(...points.map(({ms}) => ms)), Math.max(...points.map(({ms}) => ms))];
  return Plot.plot({
    width,
    height: 70 + ways.length * (narrow ? 38 : 26),
    marginLeft: narrow ? 14 : 380,
    marginRight: 24,
    marginTop: 34,
    marginBottom: 40,
    x: {
      type: "log",
      label: "ms a cell, logarithmic →",
      domain: [low / 1.4, high * 1.6],
      grid: true,
      ticks: narrow ? 3 : 6,
      tickFormat: (value: number) => formatNumber(value)
    },
    y: {label: null, domain: ways, axis: narrow ? null : "left", tickSize: 0},
    marks: [
      Plot.ruleY(ways, {stroke: "var(--theme-foreground-faintest)"}),
      narrow
        ? Plot.text(ways, {
            y: (way: string) => way,
            x: low / 1.4,
            text: (way: string) => way,
            textAnchor: "start",
            dy: -13,
            fontSize: 11,
            fill: "var(--theme-foreground)"
          })
        : null,
      Plot.dot(points, {
        x: "ms",
        y: "way",
        r: 4.5,
        symbol: ({failing}: Point) => (failing ? "times" : "circle"),
        stroke: ({failing}: Point) => (failing ? "var(--wb-bad)" : "var(--workbook-category-1)"),
        fill: ({failing}: Point) => (failing ? "none" : "var(--workbook-category-1)"),
        strokeWidth: 1.8,
        title: ({way, batch, ms, low, high, failing}: Point) =>
          `${way}\nbatch ${batch}: ${formatNumber(ms)} ms (${formatNumber(low)} to ${formatNumber(high)})${failing ? "\nself-test failed" : ""}`,
        tip: true
      }),
      Plot.text(withRoom(points, Math.log(high / low + 2) / (width - (narrow ? 40 : 450))), {
        x: "ms",
        y: "way",
        text: ({batch}: Point) => String(batch),
        dy: narrow ? 11 : -9,
        fontSize: 10,
        fill: "var(--theme-foreground-muted)"
      })
    ]
  });
}

/** Points whose batch has room beside those that are labeled already: `scale` is the logarithm of a pixel. */
function withRoom(points: readonly Point[], scale: number): Point[] {
  const kept: Point[] = [];
  // Ends of a row of dots say most.
  const bySize = points.toSorted((a, b) => a.batch - b.batch);
  const ends = [...bySize.filter(({batch}) => batch === 1), ...bySize.toReversed()];
  for (const point of ends) {
    const near = kept.some(({way, ms}) => way === point.way && Math.abs(Math.log(ms / point.ms)) < 17 * scale);
    if (!near) kept.push(point);
  }
  return kept;
}
