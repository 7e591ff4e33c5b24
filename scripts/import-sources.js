// Lets Node run our TypeScript without a loader that compiles it file by file: one bundle, kept beside the packages until a source changes.
import {mkdirSync, openSync, readSync, closeSync, renameSync, rmSync, statSync, writeFileSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {register} from "node:module";
import {basename, dirname, join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const own = fileURLToPath(import.meta.url);
const root = dirname(dirname(own));

/** Gives the module of one address the source that was made for it. */
const hook = `let made;
  export function initialize(data) { made = data; }
  export async function load(url, context, next) {
    return url === made.url ? {format: "module", source: made.source, shortCircuit: true} : next(url, context);
  }`;

/** Every source knows its own place, as when it stands alone. */
const places = {
  name: "places",
  setup({onLoad}) {
    onLoad({filter: /[\\/]src[\\/].*\.ts$/}, async ({path}) => ({
      contents: (await readFile(path, "utf8")).replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts"
    }));
  }
};

/** Packages that look for files beside themselves, or for other packages; all others are bundled, since Node takes a while to find their files. */
const readAlone = ["h5wasm", "h5wasm-plugins", "onnxruntime-node", "onnxruntime-web", "@resvg/resvg-js"];

/** What changes whenever packages are installed. */
const installed = join(root, "node_modules/.package-lock.json");

/**
 * Imports a module of ours from its file `path`, bundled with all that it imports of ours and of packages, but for a few. The bundle is kept in
 * `folder` and serves as long as no source has another size or time of change, and the packages stay: compiling takes half a second of processor
 * time. Where it cannot be kept, it is made in memory. Rejects with esbuild's error if a source is no TypeScript, and as an import does.
 */
export async function importSources(path, folder = join(root, "node_modules/.cache/uce-workbook")) {
  const kept = join(folder, `${basename(path, ".ts")}.mjs`);
  if (isCurrent(kept, path)) return await import(pathToFileURL(kept).href);
  const begun = Date.now();
  const {text, sources} = await bundle(path);
  const state = stateOf([path, own, installed, ...sources]);
  // What changed meanwhile may be in the bundle as it was or as it is.
  const isSettled = state.every(([, , changed]) => changed < begun);
  if (isSettled && keep(kept, `//${JSON.stringify(state)}\n${text}`)) return await import(pathToFileURL(kept).href);
  const {href: url} = pathToFileURL(path);
  register(`data:text/javascript,${encodeURIComponent(hook)}`, {data: {url, source: text}});
  return await import(url);
}

/** The module's text and the files that it was made of. */
async function bundle(path) {
  const {build, stop} = await import("esbuild");
  const {outputFiles, metafile} = await build({
    entryPoints: [path],
    absWorkingDir: root,
    bundle: true,
    external: readAlone,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    logLevel: "silent",
    plugins: [places]
  });
  await stop();
  const sources = Object.keys(metafile.inputs).filter((name) => !name.includes("node_modules/"));
  return {text: outputFiles[0].text, sources: sources.map((name) => resolve(root, name))};
}

/** Path, bytes and time of change of each file. */
function stateOf(paths) {
  return paths.map((path) => {
    const {size, mtimeMs} = statSync(path);
    return [path, size, mtimeMs];
  });
}

/** True if a bundle is there whose first line tells of these very sources, the entry first. */
function isCurrent(kept, path) {
  try {
    const state = JSON.parse(firstLine(kept).slice(2));
    const paths = state.map(([path]) => path);
    return paths[0] === path && paths[1] === own && JSON.stringify(stateOf(paths)) === JSON.stringify(state);
  } catch {
    return false;
  }
}

function firstLine(path) {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(1 << 18);
    const length = readSync(file, head, 0, head.length, 0);
    return head.toString("utf8", 0, length).split("\n", 1)[0];
  } finally {
    closeSync(file);
  }
}

/** Writes the bundle whole or not at all, since another program may read it; false where this user may not. */
function keep(kept, text) {
  const unfinished = `${kept}.${process.pid}`;
  try {
    mkdirSync(dirname(kept), {recursive: true});
    writeFileSync(unfinished, text);
    renameSync(unfinished, kept);
    return true;
  } catch {
    try {
      rmSync(unfinished, {force: true});
    } catch {
      // It was never there.
    }
    return false;
  }
}
