import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {parseManifest} from "../../src/components/core/model/manifest.js";
import {modelIdentity} from "../../src/components/core/model/model-identity.js";
import {
  modelCard,
  type Agreement,
  type Evaluation,
  type NodeEvaluation
} from "../../src/components/runtime/model-card.js";

const manifest = new Uint8Array(readFileSync("src/data/model/manifest.json"));
const model = parseManifest(manifest, "src/data/model");
const hash = await modelIdentity(manifest);
const evaluation = JSON.parse(readFileSync("training/evaluation.json", "utf8")) as Evaluation;
const node = JSON.parse(readFileSync("training/evaluation-node.json", "utf8")) as NodeEvaluation;
const document = readFileSync("docs/model-card.md", "utf8");
const card = modelCard(model, hash, evaluation, node, document);

describe("the page's model card", () => {
  test("says of every data set what a model that never saw it does and what the shipped one does", () => {
    expect(card.rows.map(({heldOut}) => heldOut)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false
    ]);
    expect(card.rows.slice(0, 6).map(({key}) => key)).toEqual(card.rows.slice(6).map(({key}) => key));
    for (const {key, heldOut, lowVariance} of card.rows) {
      const [run] = Object.entries(evaluation.runs).find(
        ([name, {sets}]) => sets[key] !== undefined && (heldOut ? sets[key].heldOut : name === "final")
      )!;
      expect(evaluation.runs[run].trainedOn.includes(key)).toBe(!heldOut);
      expect(lowVariance).toEqual(evaluation.runs[run].sets[key].lowVariance.knn);
    }
  });

  test("names each data set of the training with source and license, as many cells as were packed", () => {
    expect(card.sources).toHaveLength(evaluation.runs.final.trainedOn.length);
    expect(card.sources.every(({source, license, cells}) => source !== "" && license !== "" && cells > 0)).toBe(true);
    expect(document).toContain(
      `${card.sources.reduce((sum, {cells}) => sum + cells, 0).toLocaleString("en-US")} cells`
    );
  });

  test("gives Node's distance from the training's figures, and refuses figures of another model", () => {
    expect(card.node.sets.length).toBeGreaterThan(0);
    expect(card.node.sets.every(({accuracy}) => accuracy <= 0.02)).toBe(true);
    const found = structuredClone(node);
    found.sets = {
      darmanis: {
        ...node.sets.darmanis,
        reference: [evaluation.runs.final.sets.darmanis.reference.knn.accuracy - 0.3, 0]
      }
    };
    expect(modelCard(model, hash, evaluation, found, document).node.sets).toMatchObject([{accuracy: 0.3}]);
    expect(() => modelCard(model, "another", evaluation, node, document)).toThrow(/another model/);
    expect(() => modelCard(model, hash, evaluation, node, "# Model card\n")).toThrow(/no table/);
  });

  test("is the long card's: its tables hold the same figures", () => {
    const pair = ({accuracy, macroRecall}: Agreement) => `${accuracy.toFixed(3)} / ${macroRecall.toFixed(3)}`;
    for (const {name, heldOut, reference, lowVariance, components, expression} of card.rows) {
      const status = heldOut ? "**held out**" : "trained on";
      const lines = document
        .split("\n")
        .filter((line) => line.startsWith(`| ${name} |`) && line.includes(`| ${status} |`));
      expect(lines[0]).toContain(`| ${pair(reference)} | ${pair(lowVariance)} | ${pair(components)} |`);
      expect(lines[1]).toContain(
        `| ${expression.hidden.toFixed(3)} | ${expression.hiddenTrainingRate.toFixed(3)} | ${expression.hiddenOwnRate.toFixed(3)} |`
      );
    }
  });

  test("is Node's: the long card's table of the shipped bundle holds what was measured", () => {
    const pair = ([accuracy, recall]: [number, number]) => `${accuracy.toFixed(3)} / ${recall.toFixed(3)}`;
    const part = document.slice(document.indexOf("## In Node"));
    for (const [i, {reference, lowVariance}] of Object.values(node.sets).entries()) {
      const {name, accuracy, macroRecall} = card.node.sets[i];
      const line = part.split("\n").find((candidate) => candidate.startsWith(`| ${name} |`))!;
      expect(line).toContain(`| ${pair(reference)} | ${pair(lowVariance)} |`);
      expect(line.endsWith(`| ${pair([accuracy, macroRecall])} |`)).toBe(true);
    }
  });

  test("has the head's areas in Node beside Python's, no further apart than it says", () => {
    const part = document.slice(document.indexOf("## In Node"), document.indexOf("## Repeating it"));
    const apart: number[] = [];
    for (const [i, [key, {expression}]] of Object.entries(node.sets).entries()) {
      const {name} = card.node.sets[i];
      const python = evaluation.runs.final.sets[key].expression;
      const figures = [expression.hidden, python.hidden, expression.hiddenOwnRate, python.hiddenOwnRate];
      expect(part).toContain(
        `| ${name} | ${expression.cells} | ${figures.map((figure) => figure.toFixed(3)).join(" | ")} |`
      );
      apart.push(Math.abs(figures[0] - figures[1]), Math.abs(figures[2] - figures[3]));
    }
    expect(part).toContain(`At most ${Math.max(...apart).toFixed(3)} apart`);
  });
});
