import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {folderBundle} from "../../../src/components/adapters/node-files.js";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {openAnnData, type AnnData} from "../../../src/components/core/anndata/anndata.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {withoutChromosomes} from "../../../src/components/core/embed/without-chromosomes.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {bundlePaths} from "../../../src/components/core/model/bundle-paths.js";
import {describeArchitecture, operationsPerCell} from "../../../src/components/core/model/describe-architecture.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {withRandomWeights} from "../../../src/components/core/model/random-weights.js";
import {
  parseSafetensorsHeader,
  safetensorsHeaderLength
} from "../../../src/components/core/model/safetensors-header.js";
import {widenStorage} from "../../../src/components/core/model/widen-storage.js";
import {brokenCells, breakNames} from "../../../src/components/core/pipeline/broken-cells.js";
import {compareVectors} from "../../../src/components/core/pipeline/compare-vectors.js";
import {labelClasses} from "../../../src/components/core/pipeline/label-classes.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {columnAsText} from "../../../src/components/core/anndata/column.js";
import {ensureDemoModel} from "../../../src/components/runtime/demo-model.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {demoFile} from "../../demo-file.js";
import {shortModel} from "../../short-model.js";

let bundle: Bundle;
let short: Bundle;
const demo = demoFile();
beforeAll(async () => {
  bundle = await openBundle(folderBundle(await ensureDemoModel()));
  short = await openBundle(folderBundle(await shortModel(demo.folder, 256)));
});
afterAll(() => demo.remove());

describe("the architecture from the manifest", () => {
  test("has as many bytes as the files hold, for every variant", async () => {
    for (const {precision} of bundle.manifest.variants) {
      const {bytes, parameters, parts} = describeArchitecture(bundle.manifest, precision);
      let stored = 0;
      let weights = 0;
      for (const path of [bundlePaths.table(precision), bundlePaths.weights("encoder", precision)]) {
        const file = await bundle.file(path);
        const length = safetensorsHeaderLength(file.subarray(0, 8), file.byteLength, path, "model");
        for (const {start, end} of parseSafetensorsHeader(
          file.subarray(8, 8 + length),
          file.byteLength,
          path,
          "model"
        ).values())
          stored += end - start;
        weights += widenStorage(path, file).reduce((sum, {values}) => sum + values.length, 0);
      }
      expect(bytes, precision).toBe(stored);
      expect(parameters, precision).toBe(weights);
      expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
    }
  });

  test("has the arithmetic of the published model: 65 billion operations a cell (docs/performance.md)", () => {
    const published = {...bundle.manifest.architecture, layers: 8, width: 512, feedForward: 2048, outputWidth: 512};
    expect(operationsPerCell(published, 1075) / 1e9).toBeGreaterThan(64);
    expect(operationsPerCell(published, 1075) / 1e9).toBeLessThan(66);
  });
});

describe("what is broken on purpose", () => {
  test("chromosome tokens and ends are left out, genes and their order stay", () => {
    const {
      genes,
      manifest: {sentence}
    } = bundle;
    const [a, b] = [genes[0], genes[1]];
    const tokens = Int32Array.of(
      sentence.cls,
      a.chromosome + sentence.chromosomeOffset,
      a.token,
      a.token,
      sentence.chromosomeEnd,
      b.token,
      sentence.chromosomeEnd
    );
    const left = withoutChromosomes(
      tokens,
      sentence,
      genes.map(({chromosome}) => chromosome)
    );
    expect([...left]).toEqual([sentence.cls, a.token, a.token, b.token]);
  });

  test("random weights keep each tensor's numbers and change their order, the same way every time; scales and other files stay", async () => {
    const precision = bundle.manifest.variants.at(-1)!.precision;
    const random = withRandomWeights(bundle, 1);
    for (const path of [bundlePaths.table(precision), bundlePaths.weights("encoder", precision)]) {
      const [whole, spoilt, again] = [
        await bundle.file(path),
        await random.file(path),
        await withRandomWeights(bundle, 1).file(path)
      ];
      expect(Buffer.compare(spoilt, again)).toBe(0);
      expect(spoilt.byteLength).toBe(whole.byteLength);
      const length = safetensorsHeaderLength(whole.subarray(0, 8), whole.byteLength, path, "model");
      for (const [name, {start, end, shape, type}] of parseSafetensorsHeader(
        whole.subarray(8, 8 + length),
        whole.byteLength,
        path,
        "model"
      )) {
        const size = type === "F16" ? 2 : type === "F32" ? 4 : 1;
        const Elements = size === 4 ? Uint32Array : size === 2 ? Uint16Array : Uint8Array;
        const elements = (bytes: Uint8Array) => new Elements(bytes.slice(start, end).buffer);
        const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
        const sorted = (bytes: Uint8Array) => new Uint8Array(elements(bytes).sort().buffer);
        const [before, after] = [whole.subarray(start, end), spoilt.subarray(start, end)];
        if (name.endsWith(".scales")) expect(isSame(after, before), name).toBe(true);
        else if (shape.length > 1) expect(isSame(after, before), name).toBe(false);
        expect(isSame(sorted(spoilt), sorted(whole)), name).toBe(true);
      }
    }
    expect(Buffer.compare(await random.file(bundlePaths.genes), await bundle.file(bundlePaths.genes))).toBe(0);
    expect(random.manifest.variants.flatMap(({files}) => files.map(({path}) => path))).not.toContain(
      bundlePaths.selfTest
    );
    expect(random.hash).not.toBe(bundle.hash);
  });

  test("every break moves the vectors on the demo's cells; random weights move them most and lose the types", async () => {
    const reader = await openH5File(demo.path);
    try {
      const anndata: AnnData = openAnnData(reader);
      const types = columnAsText(anndata.column("obs", "cell_type"));
      const rows = Int32Array.from({length: 24}, (_, i) => 10 * i);
      const prepared = await prepareCells(anndata, short.genes, {matrix: null, geneColumn: null}, rows);
      const {names, codes} = labelClasses(
        "cell_type",
        Array.from(rows, (row) => types[row]),
        50
      );
      const precision = short.manifest.variants.at(-1)!.precision;
      const run = async (of: Bundle, tokens: (Int32Array | null)[]) => {
        const encoder = await openNodeEncoder(of, {precision, threads: 1});
        const vectors = await embedTokens(
          encoder,
          tokens.map((sentence) => sentence ?? Int32Array.of(1))
        );
        await encoder.close();
        return vectors;
      };
      const options = {sampling: "reference" as const, seeds: "row" as const, bundle: short};
      const whole = await brokenCells(prepared, null, options);
      const vectors = await run(short, whole);
      const width = short.manifest.architecture.outputWidth;
      const found = new Map<string, Awaited<ReturnType<typeof compareVectors>>>();
      for (const name of breakNames) {
        const tokens = await brokenCells(prepared, name, options);
        if (name === "random weights") expect(tokens).toEqual(whole);
        const spoilt = await run(name === "random weights" ? withRandomWeights(short, 1) : short, tokens);
        found.set(name, await compareVectors(vectors, spoilt, width, codes, names.length));
      }
      const same = await compareVectors(vectors, vectors, width, codes, names.length);
      expect(same.relativeError).toBe(0);
      expect(same.cosine).toBeCloseTo(1, 6);
      expect(same.broken).toEqual(same.whole);
      expect(same.whole.accuracy).toBeGreaterThan(same.majority);
      for (const [name, {relativeError, otherCell}] of found) {
        expect(relativeError, name).toBeGreaterThan(0.05);
        expect(otherCell).toBeGreaterThan(1);
      }
      const error = (name: string) => found.get(name)!.relativeError;
      expect(error("random weights")).toBeGreaterThan(
        Math.max(error("shuffled order"), error("no chromosome tokens"), error("log-normalized input"))
      );
      expect(found.get("random weights")!.broken.macroRecall).toBeLessThan(same.whole.macroRecall);
    } finally {
      reader.close();
    }
  });
});
