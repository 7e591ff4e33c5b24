import type {CellSteps} from "../core/cells/cell-steps.js";
import {chromosomeName} from "../core/cells/chromosome-name.js";
import {geneRuns} from "../core/cells/gene-runs.js";
import {formatInteger, formatNumber} from "./format.js";
import {sentenceLabels} from "./sentence-labels.js";
import {svg} from "./svg.js";

/** What is drawn. */
export interface SentenceData {
  steps: CellSteps;
  /** Largest start of a gene, base pairs, by chromosome id: how far each strip reaches. */
  extents: ReadonlyMap<number, number>;
}

/** A gene of the sentence: `place` is that of its first token, `times` how often it stands there. */
interface Stop {
  gene: number;
  place: number;
  times: number;
  line: number;
  x: number;
  y: number;
}

/** Height of a chromosome's strip, CSS pixels. */
export const rowHeight = 36;
const top = 22;
/** Diameter of a dot (src/styles). Where repeats leave less than this for each, a column is a bar. */
const dotSize = 2.2;

/** What a picture tells, and the gene that it begins with. */
export interface SentencePointer {
  /** Gene (from 0) that is pointed at first. */
  at: number;
  /** A gene is pointed at: its number and words on it. */
  onPoint(at: number, words: string): void;
  /** A gene was chosen: place of its first token in the sentence. */
  onChoose(place: number): void;
}

/** A sentence as strips of chromosomes, `width` CSS pixels wide; `label` names it. */
export function sentencePicture(
  {steps, extents}: SentenceData,
  width: number,
  label: string,
  pointer: SentencePointer
): SVGSVGElement {
  const {order, draws} = steps.sentence!;
  const narrow = width < 520;
  const left = narrow ? 50 : 92;
  const right = 12;
  const longest = Array.from(order.chromosomes).reduce((most, id) => Math.max(most, extents.get(id) ?? 0), 1);
  const scale = (start: number): number => left + (start / longest) * (width - left - right);
  const height = top + order.chromosomes.length * rowHeight + 6;
  const picture = svg("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "application",
    tabindex: 0,
    "aria-label": `${label} Arrow keys go from gene to gene.`,
    class: "wb-sentence-picture"
  });
  picture.append(
    svg("text", {x: left, y: 12, class: "wb-sentence-note"}, "0"),
    svg(
      "text",
      {x: scale(longest), y: 12, "text-anchor": "end", class: "wb-sentence-note"},
      `${formatInteger(longest / 1e6)} million base pairs`
    )
  );
  const stops: Stop[] = [];
  for (const {row, found} of strips({steps, extents}, {scale, left, narrow})) {
    picture.append(row);
    stops.push(...found);
  }
  picture.append(...names(stops, steps.symbols, {width, narrow}));
  listen(
    picture,
    {stops, width, lines: order.chromosomes.length, describe: (stop) => describe(steps, stop, draws.length)},
    pointer
  );
  return picture;
}

/** The strip of each chromosome with its genes. */
function strips(
  {steps, extents}: SentenceData,
  {scale, left, narrow}: {scale(start: number): number; left: number; narrow: boolean}
): {row: SVGGElement; found: Stop[]}[] {
  const {order} = steps.sentence!;
  const pitch = Math.min(3.2, (rowHeight - 8) / mostRepeats(order.genes));
  let place = 1;
  return Array.from(order.chromosomes, (id, line) => {
    const found: Stop[] = [];
    const base = top + (line + 1) * rowHeight - 4;
    const row = svg("g");
    row.append(
      svg("line", {
        x1: left,
        x2: scale(extents.get(id) ?? 0),
        y1: base + 1,
        y2: base + 1,
        class: "wb-sentence-strip"
      }),
      svg(
        "text",
        {x: left - 8, y: base, "text-anchor": "end"},
        narrow ? chromosomeName(id).replace("scaffold ", "s ") : `${line + 1}. ${shortName(id)}`
      )
    );
    place += 1;
    for (const {gene, times} of geneRuns(order.genes[line])) {
      const x = scale(steps.starts[gene]);
      found.push({gene, place, times, line, x, y: base - pitch * (times - 1)});
      place += times;
      row.append(
        svg("path", {
          d: `M${x.toFixed(1)} ${base - 2}v${(-pitch * (times - 1) - 0.01).toFixed(2)}`,
          class: "wb-sentence-gene",
          "stroke-dasharray": pitch >= dotSize + 0.4 ? `0 ${pitch}` : null
        })
      );
    }
    place += 1;
    return {row, found};
  });
}

/** Names of the most drawn genes, each with a line to the top of its column. */
function names(
  stops: readonly Stop[],
  symbols: readonly string[],
  {width, narrow}: {width: number; narrow: boolean}
): SVGGElement[] {
  const columns = stops.map(({gene, line, x, y, times}) => ({name: symbols[gene], line, x, y, times}));
  const bandOf = (line: number): [number, number] => [top + line * rowHeight - 2, top + (line + 1) * rowHeight - 6];
  const placed = sentenceLabels(columns, narrow ? 24 : 60, {width, bandOf, size: 11, letter: 7.4});
  return placed.map(({name, x, y, leader: [x1, y1, x2, y2]}) => {
    const row = svg("g");
    row.append(
      svg("line", {x1, y1, x2, y2, class: "wb-sentence-leader"}),
      svg("text", {x, y, class: "wb-sentence-name"}, name)
    );
    return row;
  });
}

interface PictureFacts {
  stops: readonly Stop[];
  width: number;
  /** Number of strips. */
  lines: number;
  describe(stop: Stop): string;
}

/** Pointer and keys go from gene to gene. */
function listen(picture: SVGSVGElement, {stops, width, lines, describe}: PictureFacts, pointer: SentencePointer): void {
  let {at} = pointer;
  const ring = svg("circle", {r: 5, class: "wb-sentence-ring", visibility: "hidden"});
  picture.append(ring);
  const point = (index: number, speak: boolean): void => {
    const stop = stops[index];
    if (stop === undefined) return;
    at = index;
    for (const [name, value] of [
      ["cx", stop.x],
      ["cy", stop.y - 2],
      ["visibility", "visible"]
    ] as const)
      ring.setAttribute(name, String(value));
    pointer.onPoint(index, describe(stop));
    if (speak) pointer.onChoose(stop.place);
  };
  picture.addEventListener("pointermove", (event) => {
    const {left: x0, top: y0, width: shown} = picture.getBoundingClientRect();
    const [x, y] = [((event.clientX - x0) * width) / shown, ((event.clientY - y0) * width) / shown];
    const line = Math.min(lines - 1, Math.max(0, Math.floor((y - top) / rowHeight)));
    let nearest = -1;
    stops.forEach((stop, i) => {
      if (stop.line === line && (nearest < 0 || Math.abs(stop.x - x) < Math.abs(stops[nearest].x - x))) nearest = i;
    });
    if (nearest !== at || ring.getAttribute("visibility") === "hidden") point(nearest, false);
  });
  picture.addEventListener("click", () => point(at, true));
  picture.addEventListener("keydown", (event) => {
    const ofLine = (line: number) => stops.findIndex((stop) => stop.line === line);
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: stops.length - 1,
      ArrowDown: ofLine((stops[at]?.line ?? 0) + 1),
      ArrowUp: ofLine((stops[at]?.line ?? 0) - 1),
      Enter: at
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= 0 && to < stops.length) point(to, true);
  });
  picture.addEventListener("focus", () => point(at, false));
}

const shortName = (id: number): string => {
  const name = chromosomeName(id);
  return name.startsWith("scaffold") ? name : `chr ${name}`;
};

function describe(
  {symbols, chromosomes, starts, probabilities}: CellSteps,
  {gene, place, times}: Stop,
  draws: number
): string {
  const where =
    times === 1
      ? `place ${formatInteger(place)}`
      : `places ${formatInteger(place)} to ${formatInteger(place + times - 1)}`;
  return `${symbols[gene]}: ${shortName(chromosomes[gene])}, base pair ${formatInteger(starts[gene])}; drawn ${times === 1 ? "once" : `${formatInteger(times)} times`}, ${formatNumber(probabilities[gene] * draws)} expected; ${where} in the sentence`;
}

function mostRepeats(genes: readonly Int32Array[]): number {
  return genes.flatMap((list) => geneRuns(list)).reduce((most, {times}) => Math.max(most, times), 1);
}
