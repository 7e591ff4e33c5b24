import type {Manifest} from "../core/model/bundle.js";
import type {Precision} from "../core/types.js";

/** Leave-one-out 5-NN scores. */
export interface Agreement {
  accuracy: number;
  macroRecall: number;
}

/** Mean areas under the ROC curve of the expression head and of detection rates (training/evaluate.py). */
export interface ExpressionScores {
  cells: number;
  hidden: number;
  hiddenTrainingRate: number;
  hiddenOwnRate: number;
  all: number;
  allTrainingRate: number;
}

/** training/evaluation.json, as far as the card needs it. */
export interface Evaluation {
  runs: Record<
    string,
    {
      trainedOn: string[];
      training: {seed: number; steps: number; machine: string; torch: string; wallSeconds: number};
      sets: Record<
        string,
        {
          cells: number;
          classes: number;
          largestClass: number;
          heldOut: boolean;
          reference: {knn: Agreement};
          lowVariance: {knn: Agreement};
          pca30: {cosine: Agreement};
          expression: ExpressionScores;
        }
      >;
    }
  >;
}

/** training/evaluation-node.json: what scripts/evaluate-model.ts found on the shipped bundle. */
export interface NodeEvaluation {
  hash: string;
  precision: Precision;
  machine: string;
  date: string;
  sets: Record<
    string,
    {
      cells: number;
      reference: [accuracy: number, macroRecall: number];
      lowVariance: [accuracy: number, macroRecall: number];
      expression: {cells: number; hidden: number; hiddenOwnRate: number; all: number};
    }
  >;
}

/** One data set as one model sees it. */
export interface CardRow {
  key: string;
  name: string;
  /** True for a separate model that never saw the set; the shipped model was trained on all of them. */
  heldOut: boolean;
  cells: number;
  types: number;
  largestClass: number;
  reference: Agreement;
  lowVariance: Agreement;
  components: Agreement;
  expression: ExpressionScores;
}

/** All numbers of the page "The model". */
export interface ModelCard {
  name: string;
  /** What the manifest says of the training; null if it says nothing. */
  note: string | null;
  hash: string;
  architecture: Manifest["architecture"];
  genes: number;
  sampleSize: number;
  training: {seed: number; steps: number; machine: string; torch: string; wallSeconds: number};
  variants: {precision: Precision; bytes: number; relativeError: number | null; recall15: number | null}[];
  measured: {origin: string; cells: number; controls: Record<string, number>} | null;
  sources: {name: string; cells: number; source: string; license: string}[];
  /** Held-out rows first; data sets in one order in both. */
  rows: CardRow[];
  /** The shipped bundle scored again in Node: greatest distances to the committed figures. */
  node: {
    machine: string;
    date: string;
    precision: Precision;
    sets: {name: string; accuracy: number; macroRecall: number; head: number}[];
  };
}

const names: Record<string, string> = {
  pbmc3k: "PBMC3k, 100 cells",
  sims: "developing brain, 100 cells (predicted labels)",
  darmanis: "temporal cortex (SMART-seq)",
  mixology: "five lung cancer lines",
  zheng: "sorted PBMC, Zheng",
  mudan: "sorted PBMC, MUDAN"
};

/**
 * Gathers the page's numbers: manifest of the shipped bundle, evaluation of the training and of Node, and the table of data sets
 * from the long model card (`card`, Markdown). Throws an Error if that table is missing or Node's figures are of another bundle.
 */
export function modelCard(
  manifest: Manifest,
  hash: string,
  evaluation: Evaluation,
  node: NodeEvaluation,
  card: string
): ModelCard {
  if (node.hash !== hash)
    throw new Error("training/evaluation-node.json is of another model: run scripts/evaluate-model.ts again");
  const shipped = evaluation.runs.final;
  const rows = Object.entries(evaluation.runs)
    .flatMap(([run, {sets}]) => Object.entries(sets).filter(([, {heldOut}]) => heldOut || run === "final"))
    .map(([key, {cells, classes, largestClass, heldOut, reference, lowVariance, pca30, expression}]): CardRow => ({
      key,
      name: names[key],
      heldOut,
      cells,
      types: classes,
      largestClass,
      reference: reference.knn,
      lowVariance: lowVariance.knn,
      components: pca30.cosine,
      expression
    }))
    .sort(
      (a, b) =>
        Number(b.heldOut) - Number(a.heldOut) || Object.keys(names).indexOf(a.key) - Object.keys(names).indexOf(b.key)
    );
  const {seed, steps, machine, torch, wallSeconds} = shipped.training;
  return {
    name: manifest.name,
    note: manifest.source.note ?? null,
    hash,
    architecture: manifest.architecture,
    genes: manifest.species.reduce((sum, {genes}) => sum + genes, 0),
    sampleSize: manifest.sentence.sampleSize,
    training: {seed, steps, machine, torch, wallSeconds},
    variants: manifest.variants.map(({precision, files, relativeError, recall15}) => ({
      precision,
      relativeError,
      recall15,
      bytes: files.reduce((sum, {bytes}) => sum + bytes, 0)
    })),
    measured: manifest.measured ?? null,
    sources: sourcesOf(card),
    rows,
    node: {
      machine: node.machine,
      date: node.date,
      precision: node.precision,
      sets: Object.entries(node.sets).map(([key, found]) => ({name: names[key], ...apart(found, shipped.sets[key])}))
    }
  };
}

function apart(
  {reference, lowVariance, expression}: NodeEvaluation["sets"][string],
  committed: Evaluation["runs"][string]["sets"][string]
): {accuracy: number; macroRecall: number; head: number} {
  const pairs = [
    [reference, committed.reference.knn],
    [lowVariance, committed.lowVariance.knn]
  ] as const;
  const greatest = (distances: number[]) => Number(Math.max(...distances).toFixed(4));
  return {
    accuracy: greatest(pairs.map(([[accuracy], knn]) => Math.abs(accuracy - knn.accuracy))),
    macroRecall: greatest(pairs.map(([[, macroRecall], knn]) => Math.abs(macroRecall - knn.macroRecall))),
    head: greatest([Math.abs(expression.hidden - committed.expression.hidden)])
  };
}

/** The rows of the table under "## Trained on". */
function sourcesOf(card: string): ModelCard["sources"] {
  const part = /^## Trained on\n([\s\S]*?)(?=^## )/m.exec(card)?.[1] ?? "";
  const lines = part
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1);
  if (lines.length === 0) throw new Error('docs/model-card.md has no table under "Trained on"');
  return lines.map((line) => {
    const [name, cells, source, license] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    return {name, cells: Number(cells.replaceAll(",", "")), source, license};
  });
}
