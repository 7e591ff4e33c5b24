// npm run build [-- --if-changed]: the static site in dist/, for any host, at / or at a sub-path.
// --if-changed leaves a finished site alone while nothing that it is made of has changed (the browser tests ask this).
// --closed lets its pages fetch from the site's own origin alone: no data or model is opened by address (docs/deploying.md).
// --site DIR builds another site of the same kind (DIR/observablehq.config.ts, DIR/src -> DIR/dist).
import {spawnSync} from "node:child_process";
import {createHash} from "node:crypto";
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {parseArgs} from "node:util";
import {ensureDependencies} from "./ensure.js";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/** Some static hosts refuse files above this size (docs/deploying.md). */
const hostLimit = 25 * 1024 * 1024;

/** Makes the embedded demo model where it is missing; does nothing where the checkout has no way to make one. */
export function ensureModel() {
  const script = "scripts/make-demo-model.ts";
  if (!existsSync(join(repository, script))) return;
  const {status} = spawnSync(process.execPath, ["--import", "tsx", script], {cwd: repository, stdio: ["ignore", 2, 2]});
  if (status !== 0)
    throw new Error(`the demo model could not be made (its output is above); try: node --import tsx ${script}`);
}

/**
 * Builds one site. Returns whether it did: false where `ifChanged` is set and the site is as its sources are. Throws with
 * Framework's whole output if the build fails.
 */
export async function buildSite({site = ".", ifChanged = false, closed = false} = {}) {
  const root = join(site, "src");
  const output = join(site, "dist");
  const stamp = join(root, ".observablehq", "built.json");
  const unlock = await lock(join(repository, root, ".observablehq", "building"));
  try {
    const print = `${fingerprint(site)}${closed ? " closed" : ""}`;
    const known = join(repository, stamp);
    const finished = existsSync(join(repository, output, "index.html"));
    if (ifChanged && finished && existsSync(known) && readFileSync(known, "utf8") === print) return false;
    rmSync(known, {force: true});
    forgetLoaderOutput(join(repository, root, ".observablehq", "cache"));
    runFramework(join(site, "observablehq.config.ts"));
    await finish(join(repository, root), join(repository, output), closed);
    writeFileSync(known, print);
    return true;
  } finally {
    unlock();
  }
}

/** Framework reruns a data loader only if the loader's own file is newer, whatever the modules that it imports say. */
function forgetLoaderOutput(cache) {
  if (!existsSync(cache)) return;
  for (const entry of readdirSync(cache)) {
    if (!["_npm", "_node", "_observablehq", "npm-recipe.json"].includes(entry))
      rmSync(join(cache, entry), {recursive: true, force: true});
  }
}

function runFramework(config) {
  const script = join(repository, "node_modules/@observablehq/framework/dist/bin/observable.js");
  const preloads = ["tsx", pathToFileURL(join(repository, "scripts/remember-modules.js")).href];
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [...preloads.flatMap((name) => ["--import", name]), script, "build", "--config", config],
    {
      cwd: repository,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true", NO_COLOR: "1"}
    }
  );
  if (status !== 0) throw new Error(`Framework's build failed:\n${stdout}\n${stderr}`);
  const warnings = `${stdout}\n${stderr}`
    .split("\n")
    .filter((line) => /^(warning|error)|(import|file) not found|↳/i.test(line));
  for (const line of warnings) process.stderr.write(`${line}\n`);
}

/**
 * What Framework does not do: files that packages ask for beside them, modules in few files, the pages' policies, the service worker as a classic script, the file that keeps GitHub from
 * hiding `_` folders, and the fonts of the formulas, in the one format that every browser of today reads.
 */
async function finish(root, output, closed) {
  writeFileSync(join(output, ".nojekyll"), "");
  for (const sheet of readdirSync(join(output, "_npm"), {recursive: true})) {
    if (basename(sheet) === "katex.min.css") copyFonts(join(output, "_npm", sheet), dirname(sheet));
  }
  copyWasm(join(root, ".observablehq", "cache", "_npm"), join(output, "_npm"));
  (await import("tsx/esm/api")).register();
  const {bundleSite} = await import("./bundle-site.ts");
  await bundleSite(output);
  const {connectPolicy, writePolicies} = await import("./content-policy.ts");
  writePolicies(output, closed);
  if (!existsSync(join(root, "coi.ts"))) return;
  const {build} = await import("esbuild");
  await build({
    entryPoints: [join(root, "coi.ts")],
    outfile: join(output, "coi.js"),
    bundle: true,
    minify: true,
    format: "iife",
    define: {WORKER_POLICY: JSON.stringify(connectPolicy(closed))},
    target: "es2022",
    logLevel: "error",
    logOverride: {"empty-import-meta": "silent"}
  });
}

/** Has a stylesheet of KaTeX name woff2 fonts alone, and copies them beside it from node_modules. `folder` is `katex@VERSION/dist`. */
function copyFonts(sheet, folder) {
  const from = join(repository, "node_modules", "katex", basename(folder), "fonts");
  const text = readFileSync(sheet, "utf8").replace(/,url\([^)]+\) ?format\("(?:woff|truetype)"\)/g, "");
  mkdirSync(join(dirname(sheet), "fonts"), {recursive: true});
  for (const [, name] of text.matchAll(/url\(fonts\/([\w.-]+)\)/g))
    copyFileSync(join(from, name), join(dirname(sheet), "fonts", name));
  writeFileSync(sheet, text);
}

/** Copies the WebAssembly of packages that the site has modules of, which stands beside them under a name of its own. */
function copyWasm(from, to) {
  for (const name of readdirSync(from, {recursive: true}))
    if (name.endsWith(".wasm") && existsSync(join(to, dirname(name)))) copyFileSync(join(from, name), join(to, name));
}

/** Hash of everything that a site is made of; files of the model bundle by size and time only. */
function fingerprint(site) {
  const hash = createHash("sha256");
  const files = new Set();
  const below = (folder) => {
    for (const entry of readdirSync(join(repository, folder), {withFileTypes: true})) {
      const path = join(folder, entry.name);
      if ([".observablehq", "dist", "node_modules"].includes(entry.name)) continue;
      // The sites of tests share folders of the workbook by symbolic links.
      if (statSync(join(repository, path)).isDirectory()) below(path);
      else files.add(path);
    }
  };
  below(join(site, "src"));
  const parts = [
    "build.js",
    "bundle-site.ts",
    "content-policy.ts",
    "formulas.ts",
    "npm-cache.ts",
    "remember-modules.js",
    "separate-wasm.ts",
    "site-config.ts"
  ];
  const scripts = ["package-lock.json", ...parts.map((name) => join("scripts", name))];
  const rest = [...scripts, "docs/model-card.md", "training/evaluation.json", "training/evaluation-node.json"];
  for (const name of [join(site, "observablehq.config.ts"), ...rest]) files.add(name);
  for (const file of [...files].sort()) {
    const {size, mtimeMs} = statSync(join(repository, file));
    hash.update(`${file}\n`).update(size > 1 << 20 ? `${size} ${mtimeMs}` : readFileSync(join(repository, file)));
  }
  return hash.digest("hex");
}

/** Waits until no other process builds this site. A lock whose process is gone is taken over. */
async function lock(folder) {
  mkdirSync(dirname(folder), {recursive: true});
  const owner = join(folder, "pid");
  for (let waited = 0; ; waited += 200) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (waited > 300_000)
      throw new Error(`another build of this site does not end: if none is running, remove ${folder}`);
    if (waited > 1000 && !isRunning(owner)) rmSync(folder, {recursive: true, force: true});
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
  writeFileSync(owner, String(process.pid));
  return () => rmSync(folder, {recursive: true, force: true});
}

function isRunning(owner) {
  try {
    process.kill(Number(readFileSync(owner, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function summary(output) {
  const files = readdirSync(output, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => ({path, size: statSync(path).size}));
  const megabytes = (size) => `${(size / 1e6).toFixed(1)} MB`;
  const total = files.reduce((sum, {size}) => sum + size, 0);
  const large = files
    .filter(({size}) => size > hostLimit)
    .map(({path, size}) => `\n  above 25 MiB, which some hosts refuse: ${path} (${megabytes(size)})`);
  return `${output}: ${files.length} files, ${megabytes(total)}${large.join("")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const {values} = parseArgs({
      options: {
        site: {type: "string", default: "."},
        "if-changed": {type: "boolean", default: false},
        closed: {type: "boolean", default: false}
      }
    });
    ensureDependencies();
    if (values.site === ".") ensureModel();
    const output = join(values.site, "dist");
    const {site, closed, "if-changed": ifChanged} = values;
    const built = await buildSite({site, ifChanged, closed});
    process.stdout.write(built ? `Built ${summary(output)}\n` : `${output} is up to date\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
