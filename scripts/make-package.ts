// npm pack, by way of scripts/prepack.js: fills the folder lib/, which is all that package.json lets npm pack (docs/notebook.md).
import {existsSync} from "node:fs";
import {copyFile, cp, mkdir, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {build, type BuildOptions, type Metafile} from "esbuild";
import {writeDemoFile} from "../src/components/runtime/demo-file.js";
import {ensureDemoModel} from "../src/components/runtime/demo-model.js";
import {optionalNames, seedNpmCache} from "./npm-cache.js";
import {packagePlugin} from "./package-plugin.js";
import {packageTypes} from "./package-types.js";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const components = join(repository, "src", "components");

const runtimes = ["jspi", "webgpu", "wasm"].map((build) => `ort.${build}.bundle.min`);
const runtimeData = ["jspi.wasm", "asyncify.wasm", "wasm"].map((end) => `ort-wasm-simd-threaded.${end}`);

/** Files of src/data, beside the model, that the modules read. */
const tables = ["gene-aliases.csv"];

/** Packages that pages of a Framework project import as "npm:NAME" and that are given to it (`seedFramework`, offline). */
const framed = ["@observablehq/plot", "apache-arrow", "d3", "d3-dsv", "htl", "isoformat"];

interface Manifest {
  name: string;
  version: string;
  license: string;
  /** What Node's entry imports as it is; browsers get all in the package's own files. */
  dependencies: Record<string, string>;
}

/** Fills `folder` with the files of the package, anew. Throws if a part cannot be made. */
async function makePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as Manifest;
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true});
  const {name, version} = manifest;
  const dependencies = Object.keys(manifest.dependencies);
  const shared = {plugins: [packagePlugin({name, version})]};
  const bundles = [
    await bundleBrowser(folder, shared),
    await bundleNode(folder, shared, dependencies),
    await bundleStyle(folder)
  ];
  await copyData(folder);
  await requireFiles(folder);
  await packageTypes(repository, folder, dependencies);
  await writeFile(join(folder, "LICENSES.txt"), await licensesOf(bundles));
}

async function bundleBrowser(folder: string, shared: BuildOptions): Promise<Metafile> {
  const {metafile} = await build({
    ...shared,
    entryPoints: {
      browser: join(components, "notebook", "index.ts"),
      views: join(components, "views", "index.ts"),
      "workbook.worker": join(components, "runtime", "browser", "workbook.worker.ts"),
      "processor.worker": join(components, "runtime", "browser", "processor.worker.ts"),
      "convert.worker": join(components, "runtime", "browser", "convert.worker.ts"),
      "away.worker": join(components, "runtime", "browser", "away.worker.ts"),
      "reference.worker": join(components, "runtime", "browser", "reference.worker.ts")
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

async function bundleNode(folder: string, shared: BuildOptions, dependencies: string[]): Promise<Metafile> {
  const {metafile} = await build({
    ...shared,
    entryPoints: {
      node: join(components, "notebook", "node.ts"),
      "processor-thread": join(components, "runtime", "processor-thread.ts")
    },
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "node",
    target: ["node20"],
    external: dependencies.flatMap((name) => [name, `${name}/*`]),
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
  await copyPackages(join(folder, "npm"));
  const texts = join(repository, "scripts", "package");
  for (const name of await readdir(texts)) await copyFile(join(texts, name), join(folder, name));
  await writeDemoFile(folder);
}

/** Packages of Framework's pages, compiled as for the workbook's own site, and the names of those that a page may do without. */
async function copyPackages(folder: string): Promise<void> {
  const root = join(repository, "src");
  await seedNpmCache(root);
  const from = join(root, ".observablehq", "cache", "_npm");
  for (const name of framed) {
    const {version} = JSON.parse(
      await readFile(join(repository, "node_modules", name, "package.json"), "utf8")
    ) as Manifest;
    await cp(join(from, `${name}@${version}`), join(folder, `${name}@${version}`), {recursive: true});
  }
  const others = (await optionalNames()).filter((name) => !framed.includes(name));
  await writeFile(join(folder, "optional.json"), JSON.stringify(others));
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

/** The licenses of every package that the bundles and folders carry parts of. Throws where a package has none. */
async function licensesOf(bundles: Metafile[]): Promise<string> {
  const names = new Set(["onnxruntime-web", "h5wasm-plugins", ...framed]);
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

await makePackage(join(repository, "lib"));
