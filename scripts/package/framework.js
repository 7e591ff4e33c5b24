// For a project of Observable Framework: in observablehq.config.js, `await seedFramework("src")`; then pages import "uce-workbook".
import {copyFile, mkdir, readdir, readFile, stat, writeFile} from "node:fs/promises";
import {dirname, join, relative} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** What this package's modules say of a file beside them, and what Framework understands and ships. */
const beside = /new URL\(\s*(["'])(\.\/[\w./-]+[^/])\1\s*,\s*import\.meta\.url\s*\)(\.href)?/g;

/**
 * Framework bundles what pages import into one file, and ships of a package only what it can see: no worker, no model. This puts
 * the package's files, ready made, where Framework keeps its bundles (`ROOT/.observablehq/cache/_node`), with their addresses written as
 * Framework follows them. `root` is the folder of the pages. Call it before the configuration is exported; it takes a moment the first time.
 * With `offline`, what pages import as `npm:` (Plot, d3, Arrow, Inputs' own) is this package's copy, and a build asks no network.
 */
export async function seedFramework(root = "src", {offline = false} = {}) {
  if (offline) await seedPackages(join(root, ".observablehq", "cache", "_npm"));
  const {name, version} = JSON.parse(await readFile(join(here, "..", "package.json"), "utf8"));
  const cache = join(root, ".observablehq", "cache", "_node", `${name}@${version}`);
  const data = [];
  const modules = [];
  for (const entry of await readdir(here, {recursive: true, withFileTypes: true})) {
    const folder = entry.parentPath ?? entry.path;
    const path = join(folder, entry.name)
      .slice(here.length + 1)
      .replaceAll("\\", "/");
    if (
      !entry.isFile() ||
      /^(types|node_modules|npm)\//.test(path) ||
      /^(node|processor-thread|framework)\.js$/.test(path)
    )
      continue;
    if (/\.js$/.test(path)) modules.push(path);
    else if (path.includes("/")) data.push(path);
  }
  for (const path of data) await freshCopy(join(here, path), join(cache, path));
  for (const path of modules) {
    let text = (await readFile(join(here, path), "utf8")).replace(beside, "import.meta.resolve($1$2$1)");
    // "uce-workbook" itself is `index.js` to Framework. Files that are named by their folder only are told of here.
    if (path === "workbook.worker.js") {
      text += `\nexport const files = () => [${data.map((file) => `import.meta.resolve("./${file}")`).join(", ")}];\n`;
    }
    await writeWhenOther(join(cache, path === "browser.js" ? "index.js" : path), text);
  }
}

/** A package that Framework's client merely may import is an empty folder: only a page that uses it fails. */
async function seedPackages(cache) {
  const from = join(here, "npm");
  for (const entry of await readdir(from, {recursive: true, withFileTypes: true})) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && path !== join(from, "optional.json"))
      await freshCopy(path, join(cache, relative(from, path)));
  }
  const names = JSON.parse(await readFile(join(from, "optional.json"), "utf8"));
  for (const name of names) await mkdir(join(cache, `${name}@0.0.0`), {recursive: true});
}

async function freshCopy(from, to) {
  const source = await stat(from);
  const copy = await stat(to).catch(() => null);
  if (copy !== null && copy.size === source.size && copy.mtimeMs >= source.mtimeMs) return;
  await mkdir(dirname(to), {recursive: true});
  await copyFile(from, to);
}

async function writeWhenOther(path, text) {
  if ((await readFile(path, "utf8").catch(() => null)) === text) return;
  await mkdir(dirname(path), {recursive: true});
  await writeFile(path, text);
}
