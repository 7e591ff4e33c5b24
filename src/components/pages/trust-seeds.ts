import {isAbort} from "../core/errors.js";
import type {SamplingNoise, TrustSeeds} from "../runtime/browser/services/trust-seeds.js";
import {cosineStrips, type CosineStrip} from "../views/cosine-strips.js";
import {h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatRemaining} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import {noiseInWords, samplingAdvice} from "../views/sampling-advice.js";
import {seedTable} from "../views/seed-table.js";
import {rememberedPace} from "./pace.js";
import type {Session} from "./session.js";

/** The measurement of seed noise: a form, its progress, and what came of it. */
export interface SeedPanel {
  readonly element: HTMLElement;
  /** Whether there are vectors, and the column of types; a measurement that goes on is ended, an old one goes. */
  reset(ready: boolean, labels: string | null): void;
  dispose(): void;
}

/** With fewer, a cell's 15 nearest would be most of the others whatever the seed. */
const fewest = 30;
const most = 200;
const names = {reference: "reference (as UCE-brain)", "low-variance": "low-variance"};

/** Asks for the number of cells and seeds and measures; `session` has the run whose cells are embedded again. */
export function seedPanel(session: Session): SeedPanel {
  const cells = h("input", {
    type: "number",
    min: fewest,
    max: most,
    step: 1,
    value: 60,
    "aria-label": `cells to embed again, ${fewest} to ${most}`
  });
  const seeds = h(
    "select",
    {"aria-label": "seeds a cell"},
    [2, 4, 8].map((n) => h("option", {value: n, selected: n === 4}, String(n)))
  );
  const measure = h(
    "button",
    {type: "button", class: "wb-button wb-button-main", disabled: true, onclick: () => void run()},
    "Measure"
  );
  const cancel = h(
    "button",
    {type: "button", class: "wb-button", hidden: true, onclick: () => stop?.abort()},
    "Cancel"
  );
  const bar = h("progress", {class: "wb-progress", max: 1, value: 0, "aria-label": "Embedding under other seeds"});
  const words = h("p", {class: "wb-small wb-trust-words", role: "status"});
  const result = h("div", {class: "wb-trust-result"});
  const element = h(
    "section",
    {class: "wb-card wb-trust-seeds", "aria-label": "Noise of the sampling seed"},
    h(
      "div",
      {class: "wb-fields"},
      h("label", {class: "wb-field"}, "Cells", cells),
      h("label", {class: "wb-field"}, "Seeds a cell", seeds),
      measure,
      cancel
    ),
    bar,
    words,
    result
  );
  let stop: AbortController | null = null;
  let labels: string | null = null;
  let ready = false;

  const wanted = () => Math.min(most, Math.max(fewest, Math.round(Number(cells.value) || 60)));
  const sentences = () => 2 * wanted() * Number(seeds.value);
  function estimate(): void {
    if (stop !== null) return;
    const pace = rememberedPace(session.model?.hash ?? "");
    const time = pace === null ? "" : `, ${formatRemaining(pace * sentences())} on this device`;
    setText(
      words,
      ready
        ? `${formatInteger(sentences())} sentences: each cell under ${seeds.value} seeds, in both ways of sampling${time}.`
        : "The cells must be embedded first."
    );
  }

  async function run(): Promise<void> {
    const mine = (stop = new AbortController());
    const many = wanted();
    cells.value = String(many);
    measure.disabled = true;
    cancel.hidden = false;
    setText(words, "Opening the model …");
    let begun = 0;
    let told = -1;
    try {
      const {geneColumn, seeds: rule, backend} = session.view;
      const answer = await session.client.ask(
        "trustSeeds",
        {cells: many, seeds: Number(seeds.value), choice: 0, labels, geneColumn, rule, backend},
        {
          signal: mine.signal,
          onProgress(done, total) {
            if (stop !== mine) return;
            begun ||= performance.now() - 1;
            bar.value = done / total;
            // The bar moves with every batch; words that are read aloud do not.
            if (Math.floor((10 * done) / total) === told) return;
            told = Math.floor((10 * done) / total);
            const left = ((performance.now() - begun) / done) * (total - done);
            setText(
              words,
              `${formatInteger(done)} of ${formatInteger(total)} sentences embedded${done < total ? `, ${formatRemaining(left)} left` : ""}`
            );
          }
        }
      );
      if (stop !== mine) return;
      result.replaceChildren(...seedFigures(answer));
      stop = null;
      setText(
        words,
        `Measured on ${formatCount(answer.rows.length, "cell")}, chosen at random, with ${answer.device}. ${answer.notices.map(({message}) => `${message[0].toUpperCase()}${message.slice(1)}.`).join(" ")}`
      );
    } catch (error) {
      if (stop !== mine) return;
      stop = null;
      if (isAbort(error)) estimate();
      else setText(words, noticeOf(error).message);
    } finally {
      if (stop === null || stop === mine) {
        stop = null;
        bar.value = 0;
        measure.disabled = !ready;
        cancel.hidden = true;
      }
    }
  }

  cells.addEventListener("input", estimate);
  seeds.addEventListener("change", estimate);
  estimate();
  return {
    element,
    reset(nowReady, column) {
      const same = nowReady === ready && column === labels;
      ready = nowReady;
      labels = column;
      if (!same) {
        stop?.abort();
        result.replaceChildren();
      }
      measure.disabled = !ready || stop !== null;
      estimate();
    },
    dispose: () => stop?.abort()
  };
}

/** Distributions, table and advice of a measurement. */
export function seedFigures({samplings, labels, embedded, rows}: TrustSeeds): HTMLElement[] {
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

/** A histogram from `start` to 1 put on an axis from `from` to 1, bins of the same width as far as they fit. */
function widened(histogram: ArrayLike<number>, start: number, from: number): ArrayLike<number> {
  const width = (1 - start) / histogram.length;
  const before = Math.round((start - from) / width);
  return [...new Array<number>(Math.max(0, before)).fill(0), ...Array.from(histogram)];
}
