// Data loader: the numbers of the page "The model", from the bundle's manifest and the committed evaluations.
import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {parseManifest} from "../components/core/model/manifest.js";
import {modelIdentity} from "../components/core/model/model-identity.js";
import {modelCard, type Evaluation, type NodeEvaluation} from "../components/runtime/model-card.js";

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const bytes = new TextEncoder().encode(read("src/data/model/manifest.json"));
const manifest = parseManifest(bytes, "src/data/model");
const card = modelCard(
  manifest,
  await modelIdentity(bytes),
  JSON.parse(read("training/evaluation.json")) as Evaluation,
  JSON.parse(read("training/evaluation-node.json")) as NodeEvaluation,
  read("docs/model-card.md")
);
process.stdout.write(JSON.stringify(card));
