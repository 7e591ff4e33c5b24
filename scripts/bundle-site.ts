// The last step of a build: Framework ships each module of src/components as a file of its own, some five hundred to open a page and its worker,
// and browsers pay for each. Here they become one file for all pages and one for each worker; packages stay files of their own.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync} from "node:fs";
import {basename, dirname, join, relative, resolve, sep} from "node:path";
import {build, type BuildOptions, type BuildResult, type Plugin} from "esbuild";

const modules = "_import";

/** Stands before the path of a file of the site where a module names one, until it is known which file that module becomes a part of. */
const mark = "site-file:";

/** Keeps a module's text, with marks, for the path that it had; its path by what is in it. */
type Write = (name: string, text: string) => string;

/**
 * Bundles the modules of a site that Framework has written to `output`. Each module that cells of pages import becomes a few words that
 * hand on names of the common file; modules that nothing names any more are removed, and pages preload what they need now. Names carry
 * a hash of what is in the file. Throws with esbuild's words.
 */
export async function bundleSite(output: string): Promise<void> {
  const site = resolve(output);
  const files = readdirSync(site, {recursive: true}).map((name) => String(name).split(sep).join("/"));
  const pages = files.filter((name) => name.endsWith(".html"));
  const scripts = files.filter((name) => name.startsWith(`${modules}/`) && name.endsWith(".js"));
  const own = (names: string[]) => names.filter((name) => scripts.includes(name));
  const imported = own(named(site, pages, /\bimport\("(\.[^"]+)"\)/g));
  const alone = own([
    ...named(site, scripts, /import\.meta\.resolve\("(\.[^"]+\.js)"\)/g),
    ...named(site, pages, /<script[^>]* src="(\.[^"]+)"/g)
  ]);
  const built = new Map<string, string>();
  const renamed = new Map<string, string>();
  const write: Write = (name, text) => {
    const now = placed(text, name, renamed);
    const hash = createHash("sha256").update(now).digest("hex").slice(0, 8);
    const path = name.replace(/(\.[0-9a-f]{8})?\.js$/, `.${hash}.js`);
    renamed.set(name, path);
    built.set(path, now);
    return path;
  };
  const texts = new Map<string, string>();
  for (const name of alone) texts.set(name, (await bundle(site, {entryPoints: [name]})).text);
  // A worker that starts another names it by its hash, so the other is written first.
  const writeAlone = (name: string): void => {
    const text = texts.get(name)!;
    texts.delete(name);
    for (const [, other] of text.matchAll(new RegExp(`"${mark}([^"]+)"`, "g"))) if (texts.has(other)) writeAlone(other);
    write(name, text);
  };
  for (const name of alone) if (texts.has(name)) writeAlone(name);
  const common = imported.length === 0 ? [] : await commonFile(site, imported, write);
  for (const name of scripts) rmSync(join(site, name));
  removeEmpty(join(site, modules));
  for (const [name, text] of built) {
    mkdirSync(dirname(join(site, name)), {recursive: true});
    writeFileSync(join(site, name), text);
  }
  for (const page of pages) amend(site, page, {scripts, renamed, common});
}

/** Removes the folders below `folder` that hold no file. */
function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeEmpty(path);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Paths below the site that a pattern finds in its files, each once. */
function named(site: string, files: string[], pattern: RegExp): string[] {
  const found = files.flatMap((file) =>
    [...readFileSync(join(site, file), "utf8").matchAll(pattern)].map(([, path]) => below(site, file, path))
  );
  return [...new Set(found)];
}

/** Path below the site of what a file of it names as `path`. */
function below(site: string, file: string, path: string): string {
  return (
    relative(site, resolve(site, dirname(file), path))
      .split(sep)
      .join("/") + (path.endsWith("/") ? "/" : "")
  );
}

/** Writes one file of all that pages import, and for each module that they import one that hands on its names. Paths of the file and of what it imports at once. */
async function commonFile(site: string, imported: string[], write: Write): Promise<string[]> {
  const names = await Promise.all(imported.map((name) => exportsOf(site, name)));
  const parts = imported.map(
    (name, i) => `export {${list(names[i], (word) => `${word} as ${word}_${i}`)}} from "./${name}";`
  );
  const {text, external} = await bundle(site, {stdin: {contents: parts.join("\n"), resolveDir: site, loader: "js"}});
  const path = write(`${modules}/pages.js`, text);
  imported.forEach((name, i) =>
    write(name, `export {${list(names[i], (word) => `${word}_${i} as ${word}`)}} from "${mark}${path}";\n`)
  );
  return [path, ...external];
}

function list(words: string[], form: (word: string) => string): string {
  return words.map(form).join(", ");
}

async function exportsOf(site: string, name: string): Promise<string[]> {
  const {metafile} = await esbuild(site, {entryPoints: [name]});
  return Object.values(metafile.outputs)[0].exports;
}

/** One module of all that an entry imports of the site's own modules: its text, with marks, and the other files of the site that it imports at once. */
async function bundle(site: string, entry: BuildOptions): Promise<{text: string; external: string[]}> {
  const {metafile, outputFiles} = await esbuild(site, entry);
  const external = Object.values(metafile.outputs)[0]
    .imports.filter(({kind}) => kind === "import-statement")
    .map(({path}) => path.slice(mark.length));
  return {text: outputFiles[0].text, external};
}

async function esbuild(site: string, entry: BuildOptions): Promise<BuildResult<{write: false; metafile: true}>> {
  return await build({
    ...entry,
    absWorkingDir: site,
    outdir: site,
    write: false,
    metafile: true,
    bundle: true,
    format: "esm",
    target: ["es2022"],
    charset: "utf8",
    minify: true,
    logLevel: "error",
    plugins: [ownModules(site)]
  });
}

/** Keeps all but the site's own modules out of a bundle, and marks what those name by their own place. */
function ownModules(site: string): Plugin {
  return {
    name: "site",
    setup(build) {
      build.onResolve({filter: /^\.\.?\//}, ({path, resolveDir, kind}) => {
        const name = below(site, relative(site, join(resolveDir, "file")), path);
        if (kind === "entry-point" || name.startsWith(`${modules}/`)) return undefined;
        return {path: mark + name, external: true};
      });
      build.onLoad({filter: /\.js$/}, ({path}) => {
        const file = relative(site, path);
        const place = (_: string, call: string, name: string) => `${call}"${mark}${below(site, file, name)}"`;
        const text = readFileSync(path, "utf8");
        return {contents: text.replaceAll(/(import\.meta\.resolve\(|new URL\()"(\.[^"]+)"/g, place), loader: "js"};
      });
    }
  };
}

/** A module's text with what it names written as seen from `file`. */
function placed(text: string, file: string, renamed: Map<string, string>): string {
  return text.replaceAll(new RegExp(`"${mark}([^"]+)"`, "g"), (_, name: string) =>
    JSON.stringify(seenFrom(file, renamed.get(name) ?? name))
  );
}

/** Address of a file of the site as another one of it names it. */
function seenFrom(file: string, name: string): string {
  const path = relative(dirname(file), name).split(sep).join("/") + (name.endsWith("/") ? "/" : "");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Lets a page name and preload what is there now. */
function amend(
  site: string,
  page: string,
  {scripts, renamed, common}: {scripts: string[]; renamed: Map<string, string>; common: string[]}
): void {
  const path = join(site, page);
  const link = /<link rel="modulepreload" href="([^"]+)">\n?/g;
  let text = readFileSync(path, "utf8");
  const before = [...text.matchAll(link)].map(([, href]) => below(site, page, href));
  const kept = before.filter((name) => !scripts.includes(name) || renamed.has(name));
  const added = before.length > kept.length ? common : [];
  const preloads = new Set([...kept.map((name) => renamed.get(name) ?? name), ...added]);
  const links = [...preloads].map((name) => `<link rel="modulepreload" href="${seenFrom(page, name)}">\n`).join("");
  const at = Math.max(0, text.search(link));
  text = text.replaceAll(link, "");
  text = text.slice(0, at) + links + text.slice(at);
  for (const [old, now] of renamed) text = text.replaceAll(basename(old), basename(now));
  writeFileSync(path, text);
}
