// Page loader: the long model card of the repository, as a page.
import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";

/** Its tables are wider than a phone: each scrolls by itself. */
const style = "<style>#observablehq-main table { display: block; overflow-x: auto; max-width: none; }</style>";
/** It has no file of its own; its links keep the one that is open. */
const carry = `\`\`\`js
import {carryAddress} from "./components/notebook/carry-address.js";
{
  const end = carryAddress();
  void invalidation.then(end);
}
\`\`\`
`;
const card = readFileSync(fileURLToPath(new URL("../docs/model-card.md", import.meta.url)), "utf8");
process.stdout.write(
  `---\ntitle: Model card\ntoc: true\n---\n\n${card.replaceAll("](../src/model.md)", "](./model)")}\n\n${carry}\n${style}\n`
);
