import {existsSync, readFileSync} from "node:fs";
import {cp, mkdir, readdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {dirname, join, relative, resolve} from "node:path";
import {build, type Plugin} from "esbuild";
import {separateWasm, wasmName} from "./separate-wasm.js";

/**
 * Packages that pages, workers and Framework's own client import as `npm:NAME`; with `bare`, those that sources import by their name, as Node does, and that Framework
 * would not make whole: it leaves imports of "events" to Node. CommonJS packages have no static list
 * of exports, so theirs are given; so are the folders and files that a package's own stylesheet or Framework asks for beside its code, and
 * what a package carries as text and asks for as a file (`made`).
 */
const served: Record<string, {exports?: string[]; files?: string[]; bare?: true; made?: string}> = {
  "@observablehq/plot": {},
  "apache-arrow": {},
  d3: {},
  "d3-dsv": {},
  graphology: {exports: ["UndirectedGraph"], bare: true},
  "graphology-communities-louvain": {exports: ["default"], bare: true},
  h5wasm: {made: wasmName},
  htl: {},
  isoformat: {},
  katex: {files: ["dist/katex.min.css", "dist/fonts"]},
  "umap-js": {exports: ["UMAP"]}
};

/**
 * What three packages do in a way that a page's policy forbids (scripts/content-policy.ts), and the same without: d3-dsv and apache-arrow evaluate
 * text; htl writes a handler as an attribute for a moment, which is taken for an inline one.
 */
const forPolicy: {file: string; from: string; to: string}[] = [
  {
    file: "d3-dsv/dist/d3-dsv.mjs",
    from: `new Function("d", "return {" + columns.map(function(name, i) {
    return JSON.stringify(name) + ": d[" + i + "] || \\"\\"";
  }).join(",") + "}")`,
    to: `(d) => Object.fromEntries(columns.map((name, i) => [name, d[i] || ""]))`
  },
  {
    file: "apache-arrow/builder/valid.mjs",
    from: "new Function(`x`, `${fnBody}\\nreturn true;`)",
    to: "(x) => !nullValues.includes(x)"
  },
  {
    file: "htl/src/index.js",
    from: `                string += "::" + j;
                nodeFilter |= SHOW_ELEMENT;`,
    to: `string = string.slice(0, attributeNameStart - strings[j - 1].length) + "data-htl-" + name + "=::" + j;
                nodeFilter |= SHOW_ELEMENT;`
  },
  {
    file: "htl/src/index.js",
    from: `                node[name] = value;
              } else { // style
                setStyles(node[name], value);`,
    to: `node[name.slice(9)] = value;
              } else {
                setStyles(node[name.slice(9)], value);`
  }
];

interface Package {
  name: string;
  version: string;
  /** Where Framework looks for the package's module. */
  module: string;
}

/**
 * Gives a small site of ours (one of the tests') what the workbook's own site has compiled of packages, which takes longer than the rest of its
 * build. Does nothing where the workbook is not built, or where the site has compiled its own.
 */
export async function takeCompiled(root: string): Promise<void> {
  const [from, to] = ["src", root].map((folder) => resolve(folder, ".observablehq"));
  if (from === to || !existsSync(join(from, "built.json")) || existsSync(join(to, "cache", "_node"))) return;
  for (const name of ["_npm", "_node", "npm-recipe.json"]) {
    await cp(join(from, "cache", name), join(to, "cache", name), {recursive: true});
  }
}

/**
 * Fills Framework's package cache (`<root>/.observablehq/cache/_npm`, and `_node` for bare names) from node_modules, so that neither `observable
 * build` nor `observable preview` ever asks a CDN. A package that Framework's client merely may import (mermaid, duckdb)
 * gets an empty folder: enough for its version to be known; only a page that uses it would fail. Takes about a second
 * the first time, nothing afterwards. Throws if a package of the list is not installed.
 */
export async function seedNpmCache(root: string): Promise<void> {
  const cache = join(root, ".observablehq", "cache", "_npm");
  const packages = new Map<string, Package>();
  for (const name of Object.keys(served)) {
    const {version} = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")) as {version: string};
    const module = served[name].bare
      ? join(dirname(cache), "_node", `${name}@${version}`, "index.js")
      : join(cache, `${name}@${version}`, "_esm.js");
    packages.set(name, {name, version, module});
  }
  // Bundles name each other by version, so one changed version makes all of them stale.
  const recipe = JSON.stringify([
    served,
    forPolicy,
    [...packages.values()].map(({name, version}) => `${name}@${version}`)
  ]);
  const stamp = join(dirname(cache), "npm-recipe.json");
  const fresh = existsSync(stamp) && readFileSync(stamp, "utf8") === recipe;
  const there = ({name, module}: Package) =>
    [module, join(dirname(module), served[name].made ?? "")].every((path) => existsSync(path));
  if (fresh && [...packages.values()].every(there)) return;

  await removeOtherVersions(packages);
  await Promise.all([...packages.values()].map((one) => bundle(one, packages)));
  await Promise.all([...packages.values()].map(copyFiles));
  for (const name of await optionalNames()) {
    if (!packages.has(name)) await mkdir(join(cache, `${name}@0.0.0`), {recursive: true});
  }
  await writeWhole(stamp, recipe);
}

async function copyFiles({name, module}: Package): Promise<void> {
  for (const file of served[name].files ?? [])
    await cp(join("node_modules", name, file), join(dirname(module), file), {recursive: true});
}

const policyPlugin: Plugin = {
  name: "policy",
  setup({onLoad}) {
    const files = [...new Set(forPolicy.map(({file}) => file))];
    const paths = files.map((file) => file.replaceAll(".", "\\.").replaceAll("/", "[\\\\/]"));
    onLoad({filter: new RegExp(`node_modules[\\\\/](${paths.join("|")})$`)}, async ({path}) => {
      let contents = await readFile(path, "utf8");
      for (const {from, to} of forPolicy.filter(({file}) => path.replaceAll("\\", "/").endsWith(`/${file}`))) {
        if (!contents.includes(from)) throw new Error(`${path} has changed: see scripts/npm-cache.ts`);
        contents = contents.replace(from, () => to);
      }
      return {contents, loader: "js"};
    });
  }
};

/** Writes h5wasm's WebAssembly into a file of `folder`. */
function wasmPlugin(folder: string): Plugin {
  return {
    name: "wasm",
    setup({onLoad}) {
      onLoad({filter: /node_modules[\\/]h5wasm[\\/]dist[\\/]esm[\\/]hdf5_util\.js$/}, async ({path}) => {
        const {text, wasm} = separateWasm(await readFile(path, "utf8"));
        await writeWhole(join(folder, wasmName), wasm);
        return {contents: text, loader: "js"};
      });
    }
  };
}

async function bundle({name, module}: Package, packages: Map<string, Package>): Promise<void> {
  const source = JSON.stringify(name);
  const {exports} = served[name];
  const separate: Plugin = {
    name: "separate",
    setup({onResolve}) {
      onResolve({filter: /^[^./]/}, ({path, kind}) => {
        const other = packages.get(path);
        if (kind === "entry-point" || other === undefined || other.name === name) return undefined;
        return {path: relative(dirname(module), other.module).replaceAll("\\", "/"), external: true};
      });
    }
  };
  const compile = (contents: string) =>
    build({
      stdin: {contents, resolveDir: process.cwd(), loader: "js"},
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      charset: "utf8",
      platform: "browser",
      target: ["es2022", "chrome96", "firefox96", "safari16"],
      external: ["node:*"],
      define: {"process.env.NODE_ENV": '"production"'},
      logLevel: "silent",
      plugins: [separate, policyPlugin, wasmPlugin(dirname(module))]
    });
  const everything = `export * from ${source};`;
  const {outputFiles} =
    exports === undefined
      ? await compile(`${everything}\nexport {default} from ${source};`).catch(() => compile(everything))
      : await compile(`export {${exports.join(", ")}} from ${source};`);
  await writeWhole(module, outputFiles[0].text);
}

/** Every package that Framework's client or its tables of implicit imports name, in order. */
export async function optionalNames(): Promise<string[]> {
  const folder = join("node_modules", "@observablehq", "framework", "dist");
  const names = new Set<string>();
  for (const entry of await readdir(folder, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile() || !entry.name.endsWith(".js")) continue;
    const text = await readFile(join(entry.parentPath ?? entry.path, entry.name), "utf8");
    for (const [, name] of text.matchAll(/["']npm:((?:@[\w-]+\/)?[\w.-]+)/g)) names.add(name);
  }
  return [...names].sort();
}

async function removeOtherVersions(packages: Map<string, Package>): Promise<void> {
  for (const {name, version, module} of packages.values()) {
    const folder = dirname(dirname(module));
    const prefix = `${name.split("/").pop()}@`;
    if (!existsSync(folder)) continue;
    for (const entry of await readdir(folder)) {
      if (entry.startsWith(prefix) && entry !== `${prefix}${version}`)
        await rm(join(folder, entry), {recursive: true, force: true});
    }
  }
}

/** Two processes may fill one cache at a time: neither sees half a file. */
async function writeWhole(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), {recursive: true});
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, text);
  await rename(partial, path);
}
