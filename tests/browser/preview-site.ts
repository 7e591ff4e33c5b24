import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {shortManifest} from "./workbook-page.js";

/** Where the probes of every library are. */
const probes = "tests/browser/fixture/src";

/**
 * Makes a site for preview in the repository's own folder for what is temporary, and answers its folder: the workbook with sentences of `genes` genes,
 * the pages of tests/browser/fixture, its first one as `probes`, and files of its own by path, which stand in place of others.
 */
export async function makePreviewSite(genes: number, own: Record<string, string>): Promise<string> {
  mkdirSync("tmp", {recursive: true});
  const site = mkdtempSync(join("tmp", "preview-"));
  const src = join(site, "src");
  const manifest = JSON.stringify(await shortManifest(genes));
  for (const [path, text] of Object.entries({...own, "data/model/manifest.json": manifest})) {
    mkdirSync(dirname(join(src, path)), {recursive: true});
    writeFileSync(join(src, path), text);
  }
  symlinkSync(resolve(probes, "index.md"), join(src, "probes.md"));
  for (const from of ["src", probes]) mirror(from, src);
  shareCompiled(join(src, ".observablehq", "cache"));
  writeFileSync(
    join(site, "observablehq.config.ts"),
    `import workbook from "../../observablehq.config.ts";
export default {...workbook, root: ${JSON.stringify(src)}, output: ${JSON.stringify(join(site, "dist"))}};
`
  );
  return site;
}

/** Has `to` hold every file below `from`, by a link, that it does not hold yet. */
function mirror(from: string, to: string): void {
  mkdirSync(to, {recursive: true});
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (name === ".observablehq") continue;
    if (statSync(source).isDirectory()) mirror(source, target);
    else if (!existsSync(target)) symlinkSync(resolve(source), target);
  }
}

/** Has a site find what the workbook's own has compiled of packages, and made of its data, in place of making it once more. */
function shareCompiled(cache: string): void {
  const made = join("src", ".observablehq", "cache");
  mkdirSync(cache, {recursive: true});
  for (const name of ["_npm", "_node"]) {
    mkdirSync(join(made, name), {recursive: true});
    symlinkSync(resolve(made, name), join(cache, name));
  }
  if (existsSync(join(made, "data")))
    cpSync(join(made, "data"), join(cache, "data"), {recursive: true, preserveTimestamps: true});
}
