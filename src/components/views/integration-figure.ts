import {misleadingSilhouettes, publishedScores, publishedSource} from "../core/integration/published-scores.js";
import type {ScoredSpace} from "../core/pipeline/score-cells.js";
import type {IntegrationAnswer} from "../core/questions/integration-scores.js";
import {h, uniqueId} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";
import {optimisticWords} from "./optimistic-words.js";
import {batchScores, labelScores, type ScoreRow, silhouetteScores} from "./score-rows.js";

const spaces: readonly {of: ScoredSpace; name: string}[] = [
  {of: "embeddings", name: "this model"},
  {of: "components", name: "no integration"},
  {of: "labels", name: "labels alone"}
];

/**
 * scIB's scores of the same cells in three spaces, each on its axis from 0 to 1 beside published means, with a sentence about what it says; those of batches only where batches were asked for, and
 * silhouettes folded with the warning.
 */
export function integrationFigure(answer: IntegrationAnswer): HTMLElement[] {
  const {labelColumn, batchColumn, trained} = answer;
  const batches =
    batchColumn === null
      ? h(
          "p",
          {class: "wb-small"},
          "No column of batches is chosen, so nothing can be said about mixing: iLISI, CiLISI, kBET and PCR are left out. Choose donor, plate or protocol as batches, if the file has such a column."
        )
      : scoreTable(`Are batches mixed? (${batchColumn})`, batchScores, answer, pcrWords(answer));
  return [
    ...(trained === null ? [] : [h("p", {class: "wb-small wb-trained"}, optimisticWords(trained))]),
    scoreKey(),
    h(
      "div",
      {class: "wb-trust-pair"},
      scoreTable(`Are labels kept together? (${labelColumn})`, labelScores, answer, clusterWords(answer)),
      batches
    ),
    h("p", {class: "wb-small"}, `Published: ${publishedSource}.`),
    h(
      "details",
      {},
      h("summary", {}, "Silhouettes, which mislead"),
      h("p", {class: "wb-small"}, `${capital(misleadingSilhouettes)}. They are here because older tables have them.`),
      scoreTable("Silhouettes", silhouetteScores, answer, "")
    )
  ];
}

/** How many cells were scored, and which were not. */
export function whatWasScored({cells, leftOut, beyondSample, labels, batches}: IntegrationAnswer): string {
  const groups = batches === null ? "" : ` and ${formatCount(batches, "batch", "batches")}`;
  const scored = `${formatCount(cells, "cell")} of ${formatCount(labels, "label")}${groups} were scored`;
  const sampled =
    beyondSample > 0
      ? `: a random choice of ${formatInteger(cells + beyondSample)}, because all pairs are compared. iLISI and cLISI depend on how many cells there are`
      : "";
  const without = leftOut - beyondSample;
  const what = batches === null ? "no label" : "no label or no batch";
  const left = without > 0 ? ` ${formatCount(without, "cell has", "cells have")} ${what} and were left out.` : "";
  return `${scored}${sampled}.${left}`;
}

function clusterWords({spaces: found, clustering}: IntegrationAnswer): string {
  const {clusters, resolution} = found.embeddings;
  return `NMI and ARI are of ${clustering} clusters (${formatCount(clusters, "cluster")}, resolution ${resolution}): of 20 resolutions the one that fits the labels best, as in scIB. That is optimistic in every space.`;
}

function pcrWords({pcr, spaces: found}: IntegrationAnswer): string {
  if (pcr === null) return "";
  const few = Number.isNaN(found.embeddings.kbet)
    ? "–: no label has 10 cells in two batches, so nothing can be said within labels. "
    : "";
  return `${few}PCR is ${pcr.toFixed(2)}: that share of the variance by batch in the components is gone in this model's vectors.`;
}

/** What the marks are. */
function scoreKey(): HTMLElement {
  const key = (of: string, words: string) =>
    h("span", {class: "wb-score-keyword"}, h("i", {class: "wb-score-mark", "data-of": of}), words);
  return h(
    "p",
    {class: "wb-small wb-score-key", "aria-hidden": "true"},
    key("embeddings", "this model"),
    key("components", "no integration: 30 principal components of the same cells"),
    key("labels", "labels alone: the most that these labels allow"),
    key("published", "published means, of other cells"),
    h("span", {}, "Each line runs from 0 to 1.")
  );
}

function scoreTable(title: string, rows: readonly ScoreRow[], answer: IntegrationAnswer, words: string): HTMLElement {
  const id = uniqueId("scores");
  const there = rows.filter(({key}) => answer.spaces.embeddings[key] !== null);
  const head = ["score", ...spaces.map(({name}) => name)].map((name, i) =>
    h("th", {scope: "col", class: i === 0 ? undefined : "wb-number"}, name)
  );
  return h(
    "section",
    {class: "wb-scores wb-figure-html"},
    h("div", {class: "wb-figure-title", id}, title),
    h(
      "table",
      {class: "wb-table", "aria-labelledby": id},
      h("thead", {}, h("tr", {}, head)),
      there.map((row) => scoreBody(row, answer))
    ),
    words === "" ? null : h("p", {class: "wb-small"}, words)
  );
}

/** A score: its numbers, its axis, and what it says. */
function scoreBody({key, name, words, published}: ScoreRow, answer: IntegrationAnswer): HTMLElement {
  const values = spaces.map(({of}) => ({of, value: answer.spaces[of][key]}));
  const text = (value: number | null) => (value === null || Number.isNaN(value) ? "–" : value.toFixed(2));
  const means = published === undefined ? [] : publishedScores.map((one) => ({...one, value: one[published]}));
  const mark = (of: string, value: number | null, title: string) =>
    value === null || Number.isNaN(value)
      ? null
      : h("i", {
          class: "wb-score-mark",
          "data-of": of,
          style: `left: ${(100 * Math.max(0, Math.min(1, value))).toFixed(1)}%`,
          title
        });
  const others = means.map(({method, value}) => `${method} ${value.toFixed(2)}`).join(", ");
  return h(
    "tbody",
    {"data-score": key},
    h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      values.map(({value}) => h("td", {class: "wb-number"}, text(value)))
    ),
    h(
      "tr",
      {},
      h(
        "td",
        {colspan: 4, class: "wb-score-says"},
        h(
          "div",
          {class: "wb-score-axis", "aria-hidden": "true"},
          means.map(({method, value}) => mark("published", value, `${method}: ${value.toFixed(2)}`)),
          values.toReversed().map(({of, value}) => mark(of, value, `${nameOf(of)}: ${text(value)}`))
        ),
        h("p", {class: "wb-small"}, words, others === "" ? null : ` Published: ${others}.`)
      )
    )
  );
}

const nameOf = (of: ScoredSpace): string => spaces.find((space) => space.of === of)!.name;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
