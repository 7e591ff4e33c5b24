import {spawnSync} from "node:child_process";
import {copyFile, mkdir, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {dirname, join, normalize} from "node:path";

const entries = ["notebook/index", "notebook/node", "views/index"];
const ambient = "observablehq-inputs.d.ts";

/**
 * Writes the declarations of the package's entries to `lib/types`, and of what they name, and no more. Throws with the compiler's
 * words if it fails, and if a declaration names a package that is not among `dependencies`.
 */
export async function packageTypes(repository: string, folder: string, dependencies: readonly string[]): Promise<void> {
  const types = join(folder, "types");
  await mkdir(types, {recursive: true});
  const config = join(folder, "tsconfig.json");
  const source = (path: string) => join(repository, path);
  await writeFile(
    config,
    JSON.stringify({
      extends: source("tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        stripInternal: true,
        rootDir: source("src/components"),
        outDir: types,
        typeRoots: [source("node_modules/@types")]
      },
      include: [source("types/*.d.ts")],
      files: entries.map((entry) => source(`src/components/${entry}.ts`)),
      exclude: []
    })
  );
  const tsc = source("node_modules/typescript/bin/tsc");
  const {status, stdout} = spawnSync(process.execPath, [tsc, "-p", config], {encoding: "utf8", cwd: repository});
  await rm(config);
  if (status !== 0) throw new Error(`the package's types could not be made:\n${stdout}`);
  await keepReached(types, dependencies);
  await copyFile(source(`types/${ambient}`), join(types, ambient));
}

async function keepReached(types: string, dependencies: readonly string[]): Promise<void> {
  const reached = new Set<string>();
  const waiting = entries.map((entry) => `${entry}.d.ts`);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const path = join(types, file);
    const text = (await readFile(path, "utf8")).replaceAll(/(["'])npm:/g, "$1");
    await writeFile(path, text.includes('"@observablehq/inputs"') ? withReference(text, file) : text);
    for (const [, name] of text.matchAll(/(?:from |import\(|import )"([^"]+)"/g)) {
      if (name.startsWith("."))
        waiting.push(normalize(join(dirname(file), name.replace(/\.js$/, ".d.ts"))).replaceAll("\\", "/"));
      else if (name !== "@observablehq/inputs" && !dependencies.includes(packageOf(name))) {
        throw new Error(`types/${file} names ${name}, which the package does not depend on`);
      }
    }
  }
  for (const entry of await readdir(types, {recursive: true})) {
    const name = entry.replaceAll("\\", "/");
    if (name.endsWith(".d.ts") && !reached.has(name)) await rm(join(types, name));
  }
}

function withReference(text: string, file: string): string {
  const up = "../".repeat(file.split("/").length - 1);
  return `/// <reference path="${up}${ambient}" />\n${text}`;
}

function packageOf(name: string): string {
  const parts = name.split("/");
  return name.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}
