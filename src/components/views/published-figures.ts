import * as Plot from "npm:@observablehq/plot";
import type {Published} from "../core/bench/published.js";
import {cardTable} from "./card-table.js";
import {h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatNumber} from "./format.js";

/** All figures that another project published, as bars and as tables, with their source: none of them was measured here. */
export function publishedFigures({source, machine, model, tables}: Published): HTMLElement {
  const bars = tables.filter(({unit}) => unit === "ms a cell");
  const points = bars.flatMap(({title, rows}) =>
    rows.filter(({value}) => value !== null).map(({name, value}) => ({title, name, value: value!}))
  );
  const frame = figureFrame({height: 690});
  frame.update({
    title: "Published by the seed project: milliseconds a cell",
    caption: `${machine}. Logarithmic scale. Source: ${source}.`,
    label: points.map(({title, name, value}) => `${title}, ${name}: ${formatNumber(value)} ms`).join("; "),
    draw: (width) => plot(points, width)
  });
  return h(
    "section",
    {class: "wb-bench", "aria-label": "Published by the seed project"},
    frame,
    h(
      "details",
      {class: "wb-options"},
      h("summary", {}, "The same as tables, with sizes"),
      h("p", {class: "wb-small"}, `${model}. ${machine}. Source: ${source}.`),
      h(
        "div",
        {class: "wb-bench-cards"},
        tables.map(({title, unit, rows}) =>
          cardTable({
            caption: title,
            head: ["published", unit, "remark"],
            groups: [
              [null, rows.map(({name, value, note}) => [name, value === null ? "–" : formatNumber(value, 4), note])]
            ],
            numeric: [false, true, false]
          })
        )
      )
    )
  );
}

interface Bar {
  title: string;
  name: string;
  value: number;
}

function plot(points: readonly Bar[], width: number): Element {
  const narrow = width < 620;
  const keyed = points.map((point) => ({...point, key: `${point.title} ${point.name}`}));
  const titles = [...new Set(points.map(({title}) => title))];
  const least = 0.08;
  const names = new Map(keyed.map(({key, name}) => [key, name]));
  const order = titles.flatMap((title) => [title, ...keyed.filter((one) => one.title === title).map(({key}) => key)]);
  return Plot.plot({
    width,
    height: 40 + order.length * 21,
    marginLeft: narrow ? 10 : 290,
    marginRight: 52,
    marginTop: 8,
    marginBottom: 36,
    x: {
      type: "log",
      domain: [least, 5000],
      label: "ms a cell, logarithmic →",
      grid: true,
      ticks: narrow ? 3 : 5,
      tickFormat: (value: number) => formatNumber(value)
    },
    y: {label: null, domain: order, axis: null, padding: 0.25},
    marks: [
      Plot.barX(keyed, {
        x1: least,
        x2: "value",
        y: "key",
        fill: "var(--theme-foreground-faint)",
        fillOpacity: narrow ? 0.25 : 1
      }),
      Plot.text(titles, {
        x: least,
        y: (title: string) => title,
        text: (title: string) => title,
        textAnchor: narrow ? "start" : "end",
        dx: narrow ? 2 : -8,
        fontWeight: 600,
        fontSize: 12,
        fill: "var(--theme-foreground)"
      }),
      Plot.text(keyed, {
        x: least,
        y: "key",
        text: ({key}: {key: string}) => names.get(key),
        textAnchor: narrow ? "start" : "end",
        dx: narrow ? 4 : -8,
        fontSize: 11,
        fill: "var(--theme-foreground)"
      }),
      // Names lie on the bars of a phone: numbers have a column of their own there.
      Plot.text(keyed, {
        ...(narrow ? {frameAnchor: "right", textAnchor: "end", dx: 48} : {x: "value", textAnchor: "start", dx: 5}),
        y: "key",
        text: ({value}: Bar) => formatNumber(value, 4),
        fontSize: 11,
        fill: "var(--theme-foreground)"
      })
    ]
  });
}
