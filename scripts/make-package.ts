// npm run package [-- --out DIR]: the folder package/ (or DIR) and in it the tarball that other projects install (docs/notebook.md).
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {dirname, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {build, type BuildOptions, type Metafile} from "esbuild";
import {ensureDemoModel} from "../src/components/runtime/demo-model.js";
import {packagePlugin} from "./package-plugin.js";
import {packageTypes} from "./package-types.js";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const components = join(repository, "src", "components");

/** What Node's entry imports as it is; browsers get all in the package's own files. */
const nodeDependencies = ["apache-arrow", "h5wasm", "h5wasm-plugins", "onnxruntime-node", "onnxruntime-web", "umap-js"];
const runtimes = ["jspi", "webgpu", "wasm"].map((build) => `ort.${build}.bundle.min`);
const runtimeData = ["jspi.wasm", "asyncify.wasm", "wasm"].map((end) => `ort-wasm-simd-threaded.${end}`);

/** Files of src/data, beside the model, that the modules read. */
const tables = ["gene-aliases.csv"];

interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  engines: Record<string, string>;
  dependencies: Record<string, string>;
}

/** Fills `folder` with the package, anew. Throws if a part cannot be made. */
async function makePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as Manifest;
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true});
  const {name, version} = manifest;
  const shared = {plugins: [packagePlugin({name, version})]};
  const bundles = [await bundleBrowser(folder, shared), await bundleNode(folder, shared), await bundleStyle(folder)];
  await copyData(folder);
  await requireFiles(folder);
  await packageTypes(repository, folder, Object.keys(pick(manifest.dependencies, nodeDependencies)));
  await writeFile(join(folder, "package.json"), `${JSON.stringify(packageManifest(manifest), null, 2)}\n`);
  await writeFile(join(folder, "LICENSES.txt"), await licensesOf(bundles));
}

/** Packs `folder` into a tarball in `into`; its path, and what npm says of it in bytes. */
function pack(folder: string, into: string): {path: string; size: number; unpackedSize: number; entryCount: number} {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = [
    "pack",
    resolve(folder),
    "--pack-destination",
    resolve(into),
    "--json",
    "--offline",
    "--loglevel=error"
  ];
  const {status, stdout, stderr} = spawnSync(npm, args, {encoding: "utf8", shell: process.platform === "win32"});
  if (status !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`);
  const found = JSON.parse(stdout) as unknown;
  const [facts] = (Array.isArray(found) ? found : Object.values(found as object)) as {
    filename: string;
    size: number;
    unpackedSize: number;
    entryCount: number;
  }[];
  return {...facts, path: join(resolve(into), facts.filename)};
}

async function bundleBrowser(folder: string, shared: BuildOptions): Promise<Metafile> {
  const {metafile} = await build({
    ...shared,
    entryPoints: {
      browser: join(components, "notebook", "index.ts"),
      views: join(components, "views", "index.ts"),
      "workbook.worker": join(components, "runtime", "browser", "workbook.worker.ts")
    },
    outdir: folder,
    chunkNames: "shared-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: ["es2022"],
    // h5wasm carries its wasm as text beyond ASCII: escaped it would grow by a third.
    charset: "utf8",
    minifyWhitespace: true,
    minifySyntax: true,
    define: {"process.env.NODE_ENV": '"production"'},
    external: ["node:*"],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    absWorkingDir: repository
  });
  return metafile;
}

async function bundleNode(folder: string, shared: BuildOptions): Promise<Metafile> {
  const {metafile} = await build({
    ...shared,
    entryPoints: {node: join(components, "notebook", "node.ts")},
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "node",
    target: ["node20"],
    external: nodeDependencies.flatMap((name) => [name, `${name}/*`]),
    metafile: true,
    logLevel: "warning",
    absWorkingDir: repository
  });
  return metafile;
}

/** The looks of inputs and views, without Framework's own page. */
async function bundleStyle(folder: string): Promise<Metafile> {
  const {metafile} = await build({
    entryPoints: {style: join(repository, "src", "style.css")},
    outdir: folder,
    bundle: true,
    minify: true,
    metafile: true,
    logLevel: "warning",
    absWorkingDir: repository,
    plugins: [
      {
        name: "framework-styles",
        setup(build) {
          build.onResolve({filter: /^observablehq:/}, ({path}) => ({path, namespace: "none"}));
          build.onLoad({filter: /.*/, namespace: "none"}, () => ({contents: "", loader: "css"}));
        }
      }
    ]
  });
  return metafile;
}

async function copyData(folder: string): Promise<void> {
  const model = await ensureDemoModel();
  await cp(model, join(folder, "data", "model"), {recursive: true, dereference: true});
  for (const name of tables) await copyFile(join(repository, "src", "data", name), join(folder, "data", name));
  const from = (name: string, ...path: string[]) => join(repository, "node_modules", name, ...path);
  await mkdir(join(folder, "onnxruntime"));
  for (const name of runtimes) {
    // ".js", since some static hosts serve ".mjs" with a type that browsers refuse.
    await copyFile(from("onnxruntime-web", "dist", `${name}.mjs`), join(folder, "onnxruntime", `${name}.js`));
  }
  for (const name of runtimeData)
    await copyFile(from("onnxruntime-web", "dist", name), join(folder, "onnxruntime", name));
  await mkdir(join(folder, "h5wasm-plugins"));
  const plugins = await readFile(join(components, "runtime", "browser", "h5-plugins.ts"), "utf8");
  for (const [, name] of plugins.matchAll(/"h5wasm-plugins\/plugins\/([\w.]+)"/g)) {
    await copyFile(from("h5wasm-plugins", "plugins", name), join(folder, "h5wasm-plugins", name));
  }
  const texts = join(repository, "scripts", "package");
  for (const name of await readdir(texts)) await copyFile(join(texts, name), join(folder, name));
  await copyFile(join(repository, "LICENSE"), join(folder, "LICENSE"));
  const demo = spawnSync(process.execPath, ["--import", "tsx", "src/data/demo.h5ad.ts"], {
    cwd: repository,
    maxBuffer: 1 << 26
  });
  if (demo.status !== 0) throw new Error(`the demo's file could not be made:\n${demo.stderr.toString()}`);
  await writeFile(join(folder, "demo.h5ad"), demo.stdout);
}

/** Throws if a module names a file beside it that the package lacks. */
async function requireFiles(folder: string): Promise<void> {
  const modules = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  for (const name of modules) {
    const text = await readFile(join(folder, name), "utf8");
    for (const [, path] of text.matchAll(/new URL\(\s*"([^"]+)"\s*,\s*import\.meta\.url/g)) {
      if (path.startsWith("./") && existsSync(join(folder, path))) continue;
      throw new Error(`${name} reads ${path}, which the package lacks`);
    }
    if (/import\.meta\.resolve\(/.test(text) && name !== "framework.js") {
      throw new Error(`${name} still asks Framework where something is`);
    }
  }
}

function packageManifest({name, version, description, license, engines, dependencies}: Manifest) {
  const browser = {types: "./types/notebook/index.d.ts", default: "./browser.js"};
  const node = {types: "./types/notebook/node.d.ts", default: "./node.js"};
  return {
    name,
    version,
    description,
    license,
    type: "module",
    engines,
    exports: {
      ".": {browser, node, ...browser},
      "./browser": browser,
      "./node": node,
      "./views": {types: "./types/views/index.d.ts", default: "./views.js"},
      "./framework": {types: "./framework.d.ts", default: "./framework.js"},
      "./style.css": "./style.css",
      "./demo.h5ad": "./demo.h5ad",
      "./data/*": "./data/*",
      "./package.json": "./package.json"
    },
    sideEffects: ["./browser.js", "./workbook.worker.js", "./node.js", "./style.css"],
    dependencies: pick(dependencies, nodeDependencies)
  };
}

function pick(all: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

/** The licenses of every package that the bundles and folders carry parts of. Throws where a package has none. */
async function licensesOf(bundles: Metafile[]): Promise<string> {
  const names = new Set(["onnxruntime-web", "h5wasm-plugins"]);
  for (const {inputs} of bundles) {
    for (const input of Object.keys(inputs)) {
      const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(input);
      if (found !== null) names.add(found[1]);
    }
  }
  const parts: string[] = [];
  for (const name of [...names].sort()) {
    const folder = join(repository, "node_modules", name);
    const {version, license} = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
    const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? "" : await readFile(join(folder, file), "utf8");
    if (text === "" && license === undefined) throw new Error(`${name} names no license`);
    parts.push(`${name} ${version} (${license ?? "see below"})\n\n${text.trim()}\n`);
  }
  return `This package carries parts of the following ones.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** The largest file below `folder`. */
async function largest(folder: string): Promise<{name: string; bytes: number}> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const sizes = await Promise.all(
    paths.map(async (path) => ({name: relative(folder, path), bytes: (await stat(path)).size}))
  );
  return sizes.reduce((a, b) => (b.bytes > a.bytes ? b : a));
}

const {values} = parseArgs({options: {out: {type: "string", default: join(repository, "package")}}});
const folder = resolve(values.out);
await makePackage(folder);
const first = await largest(folder);
const {path, size, unpackedSize, entryCount} = pack(folder, folder);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
process.stdout.write(
  `${relative(process.cwd(), path)}: ${megabytes(size)} packed, ${megabytes(unpackedSize)} in ${entryCount} files, ` +
    `the largest ${first.name} (${megabytes(first.bytes)})\n`
);
