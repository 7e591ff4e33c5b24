// A folder with all that `family.ts` needs on a Linux machine (x64) that has Node and Chromium and no packages.
import {cpSync, mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import {readConvertGenes} from "../../src/components/runtime/cli/convert-genes.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const common = {bundle: true, format: "esm", logLevel: "error"} as const;

/** Makes the folder: script, page, genes, onnxruntime for Node. */
export async function packFamily(folder: string): Promise<void> {
  mkdirSync(join(folder, "page"), {recursive: true});
  await build({
    ...common,
    entryPoints: [here("./family.ts")],
    platform: "node",
    target: "node20",
    outfile: join(folder, "family.mjs"),
    external: ["onnxruntime-node", "./family-pack.js"],
    // Packages that were written for require() ask for it.
    banner: {js: 'import {createRequire} from "node:module"; const require = createRequire(import.meta.url);'}
  });
  await build({
    ...common,
    entryPoints: [here("./family-page.ts")],
    target: "es2022",
    outfile: join(folder, "page/page.js")
  });
  const body =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>\n';
  writeFileSync(join(folder, "page/index.html"), body);
  writeFileSync(join(folder, "package.json"), '{"type": "module"}\n');
  const [{genes}] = await readConvertGenes({});
  writeFileSync(join(folder, "genes.json"), JSON.stringify(genes));
  const parts = ["package.json", "dist", "bin/napi-v6/linux/x64"].map((part) => `onnxruntime-node/${part}`);
  for (const part of [...parts, "onnxruntime-common"]) {
    cpSync(join(here("../../node_modules"), part), join(folder, "node_modules", part), {recursive: true});
  }
}
