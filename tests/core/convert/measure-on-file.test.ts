import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {openKeptPieces} from "../../../src/components/core/convert/kept-pieces.js";
import {measureOnFile} from "../../../src/components/core/convert/measure-on-file.js";
import type {OpenVariant} from "../../../src/components/core/convert/measurement.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {memoryBundle} from "./fixture.js";
import {hashedStored, humanSizes} from "./hashed-file.js";

const openEncoder: OpenVariant = (bundle, precision) => openNodeEncoder(bundle, {precision, threads: 1});
/** 60 cells of 90 human genes. */
const file = "tests/fixtures/choice/dense_by_cell.h5ad";
const loose = {int8: {relativeError: 0.4, recall15: 0.2}, fp16: {relativeError: 0.4, recall15: 0.2}};

let bundle: Bundle;
beforeAll(async () => {
  const files = memoryBundle();
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const weights = memoryReader("model.safetensors", encodeSafetensors(hashedStored(humanSizes)));
  const source = {name: "hashed", revision: "1", sha256: ""};
  const checkpoint = {name: "hashed", config: humanSizes, weights, species: [{name: "human", genes}], source};
  await convertCheckpoint(checkpoint, files, {variants: ["fp32", "int8"], allowInexact: true});
  bundle = await openBundle(files);
});

async function measured(options: Partial<Parameters<typeof measureOnFile>[2]> = {}) {
  const reader = await openH5File(file);
  try {
    return await measureOnFile(bundle, openAnnData(reader), {openEncoder, fewest: 16, limits: loose, ...options});
  } finally {
    reader.close();
  }
}

describe("variants measured on the cells of an open file", () => {
  it("are told with figures, a verdict, and controls beside them", async () => {
    const {measurement, verdicts} = await measured();
    expect(measurement.origin).toMatch(/^\d+ cells of dense_by_cell\.h5ad$/);
    expect(Object.keys(measurement.controls)).toContain("another cell");
    // Random weights hardly read the order of a sentence, so no verdict can be given, and it says why.
    const fault = {details: {code: "control-passes"}};
    expect(verdicts).toMatchObject([{precision: "int8", cells: measurement.cells, fault}]);
    expect(verdicts[0].relativeError).toBeGreaterThan(0);
    expect(verdicts[0].relativeError).toBeLessThan(0.4);
    const strict = await measured({limits: {int8: {relativeError: 1e-6, recall15: 0}}});
    expect(strict.verdicts[0].fault).toMatchObject({details: {code: "variant-misses"}});
  });

  it("go on where they were ended, and are refused on too few cells", async () => {
    const store = memoryStore();
    const stop = new AbortController();
    const kept = () => openKeptPieces(store, "one");
    const onProgress = (done: number) => done > 24 && stop.abort();
    await expect(measured({kept: await kept(), signal: stop.signal, onProgress})).rejects.toMatchObject({
      name: "AbortError"
    });
    let opened = 0;
    const counted: OpenVariant = (...of) => (++opened, openEncoder(...of));
    const first = await measured({kept: await kept(), openEncoder: counted});
    expect(opened).toBeGreaterThan(0);
    opened = 0;
    expect(await measured({kept: await kept(), openEncoder: counted})).toEqual(first);
    expect(opened).toBe(0);
    await expect(measured({fewest: undefined})).rejects.toMatchObject({details: {code: "not-measured"}});
  });
});
