import {readFile} from "node:fs/promises";
import {sep} from "node:path";
import type {Plugin} from "esbuild";

/** Files of the sources that name what lies beside them in another way once they are in the package; each pattern must be found. */
const changes: Record<string, [pattern: RegExp, replacement: string][]> = {
  "runtime/browser/worker-link.ts": [
    [/import\.meta\.resolve\("\.\/workbook\.worker\.js"\)/g, 'new URL("./workbook.worker.js", import.meta.url)']
  ],
  "runtime/browser/processor-thread.ts": [
    [/import\.meta\.resolve\("\.\/processor\.worker\.js"\)/g, 'new URL("./processor.worker.js", import.meta.url)']
  ],
  "runtime/browser/model-maker.ts": [
    [/import\.meta\.resolve\("\.\/convert\.worker\.js"\)/g, 'new URL("./convert.worker.js", import.meta.url)']
  ],
  "runtime/browser/away-writer.ts": [
    [/import\.meta\.resolve\("\.\/away\.worker\.js"\)/g, 'new URL("./away.worker.js", import.meta.url)']
  ],
  "runtime/browser/reference-maker.ts": [
    [/import\.meta\.resolve\("\.\/reference\.worker\.js"\)/g, 'new URL("./reference.worker.js", import.meta.url)']
  ],
  "runtime/browser/h5-plugins.ts": [
    [
      /import\.meta\.resolve\("h5wasm-plugins\/plugins\/([\w.]+)"\)/g,
      'new URL("./h5wasm-plugins/$1", import.meta.url).href'
    ]
  ],
  "runtime/browser/ort-runtime.ts": [
    [/import\.meta\.resolve\("onnxruntime-web\/([\w.-]+)"\)/g, 'new URL("./onnxruntime/$1", import.meta.url).href'],
    [/import\("onnxruntime-web\/(\w+)"\)/g, 'import("./onnxruntime/ort.$1.bundle.min.js")']
  ]
};

/** The folder src/data, as any module names it: in the package it stands beside the modules. */
const dataFolder = /"(?:\.\.\/)+data\/([\w./-]*)"/g;

/** Modules that the package has others for: it needs no service worker, makes no model, has no site with files of its own, its threads need nothing that reads TypeScript, and it has a package.json of its own. */
const replacements: Record<string, string> = {
  "runtime/browser/isolation.ts": "export async function isolation() {}",
  "runtime/thread-program.ts": `export const threadProgram = {
    module: new URL("./processor-thread.js", import.meta.url).href,
    reader: null
  };`,
  "runtime/browser/site-file.ts": "export const siteFile = async () => null;",
  "runtime/demo-model.ts": `import {fileURLToPath} from "node:url";
    export const demoModelFolder = fileURLToPath(new URL("./data/model", import.meta.url));
    export const ensureDemoModel = async () => demoModelFolder;`
};

/**
 * What the sources ask of Framework and of the repository, answered for a package: "npm:" names are the packages themselves, and what
 * lies beside a module is found by `new URL("./...", import.meta.url)`. `software` is what provenance records. Throws if a source no
 * longer says what is to be changed.
 */
export function packagePlugin(software: {name: string; version: string}): Plugin {
  const texts: Record<string, string> = {
    ...replacements,
    "runtime/software.ts": `export const software = ${JSON.stringify(software)};`
  };
  return {
    name: "package",
    setup(build) {
      build.onResolve({filter: /^npm:/}, ({path, resolveDir, kind}) =>
        build.resolve(path.slice("npm:".length), {resolveDir, kind})
      );
      build.onResolve({filter: /^\.\/onnxruntime\//}, ({path}) => ({path, external: true}));
      build.onLoad({filter: /components.runtime.*\.ts$/}, async ({path}) => {
        const name = path.split(`${sep}components${sep}`)[1].replaceAll("\\", "/");
        if (name in texts) return {contents: texts[name], loader: "ts"};
        let contents = (await readFile(path, "utf8")).replaceAll(dataFolder, '"./data/$1"');
        for (const [pattern, replacement] of changes[name] ?? []) {
          const changed = contents.replaceAll(pattern, replacement);
          if (changed === contents)
            throw new Error(`${name} has no ${pattern} any more: change scripts/package-plugin.ts`);
          contents = changed;
        }
        return {contents, loader: "ts"};
      });
    }
  };
}
