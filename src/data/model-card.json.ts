// Data loader: the numbers of the page "The model", from the bundle's manifest and the committed evaluations.
import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import type {Manifest} from "../components/core/model/bundle.js";
import {modelCard, type Evaluation, type NodeEvaluation} from "../components/runtime/model-card.js";

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const manifest = read("src/data/model/manifest.json");
const card = modelCard(
  JSON.parse(manifest) as Manifest,
  createHash("sha256").update(manifest).digest("hex"),
  JSON.parse(read("training/evaluation.json")) as Evaluation,
  JSON.parse(read("training/evaluation-node.json")) as NodeEvaluation,
  read("docs/model-card.md")
);
process.stdout.write(JSON.stringify(card));
