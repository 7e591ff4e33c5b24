import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, describe, expect, test} from "vitest";
import {filesBelow, importsOf, packageOf, reachable} from "./imports.js";

const components = "src/components";
const sources = filesBelow("src", [".ts"]);
const imports = sources.flatMap((file) => importsOf(file));
const below = (path: string, folder: string) => path.startsWith(`${components}/${folder}/`);
const show = (list: {from: string; to: string}[]) => list.map(({from, to}) => `${from} -> ${to}`);

describe("import direction", () => {
  test("the core imports only the core, apache-arrow, and onnx-proto in core/convert", () => {
    const wrong = imports.filter(({from, to}) => {
      if (!below(from, "core") || below(to, "core") || to === "apache-arrow") return false;
      return !(to === "onnx-proto" && below(from, "core/convert"));
    });
    expect(show(wrong)).toEqual([]);
  });

  test("an adapter imports the core and outside packages, never another adapter, the runtime or a view", () => {
    const wrong = imports.filter(
      ({from, to}) => below(from, "adapters") && to.startsWith("src/") && !below(to, "core")
    );
    expect(show(wrong)).toEqual([]);
  });

  test("an adapter wraps one outside library", () => {
    const wrong = filesBelow(`${components}/adapters`, [".ts"]).flatMap((file) => {
      const packages = new Set(
        importsOf(file)
          .map(({to}) => packageOf(to))
          .filter((name) => name !== null)
      );
      return packages.size > 1 ? [`${file}: ${[...packages].join(", ")}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  test("a view imports the core, other views and drawing packages, no adapter and no runtime", () => {
    const drawing = /^(npm:)?(d3|htl|@observablehq\/(plot|stdlib|inputs)|apache-arrow)$/;
    const wrong = imports.filter(
      ({from, to}) => below(from, "views") && !below(to, "core") && !below(to, "views") && !drawing.test(to)
    );
    expect(show(wrong)).toEqual([]);
  });

  test("nothing that a page or a worker reaches imports Node", () => {
    const entries = [...filesBelow("src", [".md"]), ...sources.filter((file) => file.endsWith(".worker.ts"))];
    const nodeOnly = /^node:|^(fs|path|os|module|child_process)$|^onnxruntime-node|^h5wasm\/node|^tsx|^h5wasm-plugins$/;
    const wrong = [...reachable(entries)].filter(([to]) => nodeOnly.test(to)).map(([, path]) => path.join(" -> "));
    expect(wrong).toEqual([]);
  });

  test("what a page reaches of the converter is in the converter's own worker, but for what folds rows for the page of parity", () => {
    const own = `${components}/runtime/browser/convert.worker.ts`;
    const entries = [...filesBelow("src", [".md"]), ...sources.filter((file) => file.endsWith(".worker.ts"))];
    const wrong = [...reachable(entries)]
      .filter(
        ([to, path]) => below(to, "core/convert") && !path.some((file) => below(file, "core/parity") || file === own)
      )
      .map(([, path]) => path.join(" -> "));
    expect(wrong).toEqual([]);
  });

  test("onnxruntime for Node is loaded by its adapter alone, which switches its telemetry off", () => {
    const files = ["src", "scripts", "tests", "types"].flatMap((folder) =>
      filesBelow(folder, [".ts", ".js", ".mjs", ".cjs", ".md"])
    );
    const loads = /(?:from|import|require|resolve)\s*\(?\s*["'`][^"'`\n]*\bonnxruntime-node["'`/]/;
    const found = files.filter((file) => loads.test(readFileSync(file, "utf8")));
    expect(found.filter((file) => file !== "tests/house/rules.test.ts")).toEqual([
      `${components}/adapters/onnxruntime-node.ts`
    ]);
  });

  test("every local import names a file that exists", () => {
    const missing = imports.filter(
      ({to}) => to.startsWith("src/") && !existsSync(to) && !existsSync(to.replace(/\.ts$/, ""))
    );
    expect(show(missing)).toEqual([]);
  });
});

describe("packages", () => {
  const {dependencies, devDependencies} = JSON.parse(readFileSync("package.json", "utf8")) as Record<
    string,
    Record<string, string>
  >;

  test("every dependency is pinned to one version", () => {
    const loose = Object.entries({...dependencies, ...devDependencies}).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version)
    );
    expect(loose).toEqual([]);
  });

  // Whoever installs the package gets the dependencies alone: what its entry for Node imports (scripts/make-package.ts).
  test("every package that the sources import is named", () => {
    const used = new Set(imports.map(({to}) => packageOf(to)).filter((name) => name !== null));
    expect([...used].filter((name) => !(name in {...dependencies, ...devDependencies}))).toEqual([]);
  });

  test("the lock file names no registry host", () => {
    expect(readFileSync("package-lock.json", "utf8")).not.toMatch(/"resolved"/);
  });
});

describe("the pure core", () => {
  const codes = ["document.title", "process.cwd()", "Buffer.from('')", "navigator.gpu", "fetch('')"];
  let said = "";
  let status: number | null = null;

  beforeAll(() => {
    // Not among the sources, which other tests and builds read meanwhile.
    mkdirSync("tmp", {recursive: true});
    const folder = mkdtempSync(join("tmp", "probe-"));
    try {
      codes.forEach((code, i) =>
        writeFileSync(
          join(folder, `probe-${i}.ts`),
          `import {tableFromArrays} from "apache-arrow";\nexport const x = [tableFromArrays, ${code}];\n`
        )
      );
      const config = {extends: "../../src/components/core/tsconfig.json", include: ["*.ts"]};
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder], {encoding: "utf8"});
      said = tsc.stdout;
      status = tsc.status;
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  test.each(codes.map((code, i) => ({code, i})))("refuses $code at compile time, and nothing else of it", ({i}) => {
    expect(status).not.toBe(0);
    const lines = said.split("\n").filter((line) => line.includes(`probe-${i}.ts`));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/Cannot find name/);
  });
});

describe("the text", () => {
  test("no source, page or document has work left as a note, an address of a machine, or a page of elsewhere", () => {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {encoding: "utf8"})
      .split("\n")
      .filter(
        (name) =>
          /\.(ts|js|md|py|json|css)$/.test(name) &&
          !/package-lock|tests\/(house|fixtures)/.test(name) &&
          existsSync(name)
      );
    const pattern = new RegExp(
      [
        "\\bTO" + "DO\\b",
        "\\bFIX" + "ME\\b",
        "\\bX" + "XX\\b",
        "/wo" + "rk/",
        "/ro" + "ot/",
        "\\bspec/[\\w-]+\\.md"
      ].join("|")
    );
    const wrong = files.flatMap((name) =>
      readFileSync(name, "utf8")
        .split("\n")
        .flatMap((line, i) => (pattern.test(line) ? [`${name}:${i + 1}: ${line.trim().slice(0, 120)}`] : []))
    );
    expect(wrong).toEqual([]);
  });

  test("the table of folders in docs/architecture.md has each folder of the core once", () => {
    const folders = readdirSync(`${components}/core`, {withFileTypes: true}).filter((entry) => entry.isDirectory());
    const rows = [...readFileSync("docs/architecture.md", "utf8").matchAll(/^\| (`core\/.*?) \|/gm)];
    const named = rows.flatMap(([, cell]) => [...cell.matchAll(/`core\/(\w+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual(folders.map(({name}) => name).sort());
  });

  test("every link between documents leads somewhere", () => {
    const files = ["README.md", ...(existsSync("docs") ? filesBelow("docs", [".md"]) : [])].filter((file) =>
      existsSync(file)
    );
    const broken = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
        .map((match) => join(file, "..", match[1]))
        .filter((path) => !existsSync(path))
        .map((path) => `${file} -> ${path}`)
    );
    expect(broken).toEqual([]);
  });
});

describe("pages", () => {
  const pages = filesBelow("src", [".md"]);
  const blocks = (page: string): string[] =>
    [...readFileSync(page, "utf8").matchAll(/^```js[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

  test("are under 150 lines, and their blocks of code under 25", () => {
    expect(pages.length).toBeGreaterThan(7);
    expect(pages.filter((page) => readFileSync(page, "utf8").split("\n").length > 150)).toEqual([]);
    const long = pages.flatMap((page) => blocks(page).filter((code) => code.split("\n").length > 25));
    expect(long).toEqual([]);
  });

  test("show code that teaches folded up, but on the page of own cells", () => {
    const fences = pages
      .filter((page) => page !== "src/your-own.md")
      .flatMap((page) => [...readFileSync(page, "utf8").matchAll(/^```js(.* echo.*)$/gm)].map(([, info]) => info));
    expect(fences.length).toBeGreaterThan(20);
    expect(new Set(fences)).toEqual(new Set([" echo fold"]));
  });

  test("define no name twice, which turns every cell red that uses it", () => {
    const names = (page: string): string[] =>
      blocks(page).flatMap((code) => [
        ...[...code.matchAll(/^import \{([^}]*)\}/gm)].flatMap(([, list]) => list.split(",").map((one) => one.trim())),
        ...[...code.matchAll(/^(?:const|let|function|class) (\w+)/gm)].map(([, name]) => name)
      ]);
    const twice = pages.flatMap((page) =>
      names(page)
        .filter((name, i, all) => name !== "" && all.indexOf(name) !== i)
        .map((name) => `${page}: ${name}`)
    );
    expect(pages.flatMap(names).length).toBeGreaterThan(100);
    expect(twice).toEqual([]);
  });

  test("keep the open file: one without a file of its own carries the address on", () => {
    const all = [...pages, ...filesBelow("src", [".md.ts"])];
    const losing = all.filter((page) => !/\b(fileInput|carryAddress)\(/.test(readFileSync(page, "utf8")));
    expect(losing).toEqual([]);
  });

  test("are cells: no black box is mounted, stages are top-level constants", () => {
    const boxes = pages
      .flatMap((page) => blocks(page))
      .filter((code) => /workbook\(|createSession\(|chapter\.\w/.test(code));
    expect(boxes).toEqual([]);
    const index = readFileSync("src/index.md", "utf8");
    for (const stage of ["load", "normalize", "sample", "embed", "umap"]) {
      expect(index).toMatch(new RegExp(`^const \\w+ = ${stage}\\(`, "m"));
    }
  });
});
