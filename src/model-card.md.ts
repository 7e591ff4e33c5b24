// Page loader: the long model card of the repository, as a page.
import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";

const card = readFileSync(fileURLToPath(new URL("../docs/model-card.md", import.meta.url)), "utf8");
process.stdout.write(`---\ntitle: Model card\ntoc: true\n---\n\n${card.replaceAll("](../src/model.md)", "](./model)")}`);
