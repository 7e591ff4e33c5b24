import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {shortManifest} from "../short-model.js";

/** Where the probes of every library are. */
const probes = "tests/browser/fixture/src";

/** What a site that is made of the workbook's holds. */
export interface MirroredSite {
  /** Genes of a sentence of its model. */
  genes: number;
  /** Files of its own by path, which stand in place of others. */
  own: Record<string, string>;
  /** Whether it has the workbook's pages, too, and those of tests/browser/fixture, the first one as `probes` (true). */
  pages?: boolean;
}

/** Makes a site in the repository's own folder for what is temporary, and answers its folder: all that the workbook's pages use, by links. */
export async function mirrorSite({genes, own, pages = true}: MirroredSite): Promise<string> {
  mkdirSync("tmp", {recursive: true});
  const site = mkdtempSync(join("tmp", "site-"));
  const src = join(site, "src");
  const manifest = JSON.stringify(await shortManifest(genes));
  for (const [path, text] of Object.entries({...own, "data/model/manifest.json": manifest})) {
    mkdirSync(dirname(join(src, path)), {recursive: true});
    writeFileSync(join(src, path), text);
  }
  if (pages) symlinkSync(resolve(probes, "index.md"), join(src, "probes.md"));
  for (const from of pages ? ["src", probes] : ["src"]) mirror(from, src, pages);
  shareCompiled(join(src, ".observablehq", "cache"));
  const places = `root: ${JSON.stringify(src)}, output: ${JSON.stringify(join(site, "dist"))}`;
  const config = pages
    ? `import workbook from "../../observablehq.config.ts";\nexport default {...workbook, ${places}};\n`
    : `import {siteConfig} from "../../scripts/site-config.js";\nexport default await siteConfig({${places}, title: "A reader's", pages: []});\n`;
  writeFileSync(join(site, "observablehq.config.ts"), config);
  return site;
}

/** Has `to` hold every file below `from`, by a link, that it does not hold yet; pages only if asked to. */
function mirror(from: string, to: string, pages: boolean): void {
  mkdirSync(to, {recursive: true});
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (name === ".observablehq" || (!pages && name.endsWith(".md"))) continue;
    if (statSync(source).isDirectory()) mirror(source, target, pages);
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
