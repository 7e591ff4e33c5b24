import {readFileSync, readdirSync, realpathSync} from "node:fs";
import {dirname, join, normalize, relative, resolve, sep} from "node:path";

/** One import: `from` and `to` are paths relative to the repository root; `to` is a bare or `npm:` name for a package. */
export interface Import {
  from: string;
  to: string;
  /** True if only types are imported: such an import is gone at run time. */
  typeOnly: boolean;
}

const importPattern =
  /(?:^|[\n;])\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?["']([^"']+)["']|\bimport\s*\(\s*["']([^"']+)["']|import\.meta\.resolve\(\s*["']([^"']+)["']/g;

/** Every import of a TypeScript or JavaScript source (or of the code blocks of a Markdown page), relative ones resolved. */
export function importsOf(file: string, text = readFileSync(file, "utf8")): Import[] {
  const found: Import[] = [];
  for (const match of withoutComments(text).matchAll(importPattern)) {
    const specifier = match[2] ?? match[3] ?? match[4];
    const to = specifier.startsWith(".") ? source(join(dirname(file), specifier)) : specifier;
    found.push({from: posix(file), to, typeOnly: match[1] !== undefined});
  }
  return found;
}

/**
 * All files below `folder` whose name ends with one of `endings`, sorted. Build outputs and caches are left out, and what is
 * there by a symbolic link: the sites of tests share folders of the workbook.
 */
export function filesBelow(folder: string, endings: string[]): string[] {
  return readdirSync(folder, {recursive: true, encoding: "utf8"})
    .filter(
      (name) =>
        endings.some((ending) => name.endsWith(ending)) && !/(^|\/)\.observablehq|node_modules|dist\//.test(name)
    )
    .map((name) => posix(join(folder, name)))
    .filter((path) => realpathSync(path) === resolve(path))
    .sort();
}

/** Every file and package reachable from `entries` through imports that exist at run time, with one path to each. */
export function reachable(entries: string[]): Map<string, string[]> {
  const seen = new Map<string, string[]>(entries.map((entry) => [entry, [entry]]));
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    for (const {to, typeOnly} of importsOf(file)) {
      if (typeOnly || seen.has(to)) continue;
      seen.set(to, [...seen.get(file)!, to]);
      if (/^src\/.*\.(ts|js)$/.test(to)) queue.push(to);
    }
  }
  return seen;
}

/** The package that a specifier names ("npm:d3" and "d3/x" are "d3"); null for relative paths and Node's own modules. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith("node:") || specifier.startsWith("src/") || specifier.startsWith("/")) return null;
  const name = specifier.replace(/^npm:/, "");
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

function source(path: string): string {
  return posix(normalize(path)).replace(/(?<!\.d)\.js$/, (ending) => (exists(path) ? ending : ".ts"));
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

function posix(path: string): string {
  return relative(".", path).split(sep).join("/");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
