import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {convertCheckpoint, uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {makeVariants} from "../../../src/components/core/convert/make-variants.js";
import type {OpenVariant} from "../../../src/components/core/convert/measurement.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import {runSelfTest} from "../../../src/components/core/embed/self-test.js";
import {addBundle} from "../../../src/components/core/model/add-bundle.js";
import {measuringFolder, readMeasured} from "../../../src/components/core/model/measured-variants.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {listStoredModels, storedBundle} from "../../../src/components/core/model/stored-models.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {memoryBundle} from "./fixture.js";
import {hashedStored, humanSizes} from "./hashed-file.js";

const openEncoder: OpenVariant = (bundle, precision) => openNodeEncoder(bundle, {precision, threads: 1});
/** 60 cells of 90 human genes. */
const file = "tests/fixtures/choice/dense_by_cell.h5ad";

const config = {...humanSizes, max_sequence_length: 256};
/** Short sentences, which chromosomes are a good part of: random weights read them then, and the controls are far off. */
const sentence = {...uceBrainSentence, sampleSize: 48};

let made: ReturnType<typeof memoryBundle>;
beforeAll(async () => {
  made = memoryBundle();
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const weights = memoryReader("model.safetensors", encodeSafetensors(hashedStored(config)));
  const source = {name: "hashed", revision: "1", sha256: ""};
  const checkpoint = {name: "hashed", config, weights, species: [{name: "human", genes}], source, sentence};
  await convertCheckpoint(checkpoint, made, {openEncoder});
});

/** A store that keeps the model in float32, as a conversion in a browser leaves it. */
async function kept() {
  const store = memoryStore();
  const {hash} = await addBundle(store, made);
  return {store, hash};
}

async function variantsOf(
  {store, hash}: Awaited<ReturnType<typeof kept>>,
  options: Partial<Parameters<typeof makeVariants>[3]> = {}
) {
  const reader = await openH5File(file);
  try {
    return await makeVariants(store, hash, openAnnData(reader), {openEncoder, fewest: 16, ...options});
  } finally {
    reader.close();
  }
}

describe("variants of a kept model", () => {
  it("are made, measured, and the smallest that is fit is kept as a model of its own", async () => {
    const {store, hash} = await kept();
    const told = await variantsOf({store, hash});
    expect(await readMeasured(store, hash)).toEqual(told);
    const {origin, variants, made} = told;
    expect(origin).toMatch(/^\d+ cells of dense_by_cell\.h5ad$/);
    // Without chromosome ends random weights change by less than twice the limit of 8 bit: that measurement tells nothing.
    expect(variants.map(({precision, fault}) => [precision, fault === null])).toEqual([
      ["fp16", true],
      ["int8", false]
    ]);
    expect(variants[0].relativeError).toBeLessThan(0.01);
    const models = await listStoredModels(store);
    expect(models.map((model) => model.hash).sort()).toEqual([hash, made].sort());
    const own = models.find((model) => model.hash === made)!;
    expect(own.manifest.measured?.origin).toBe(origin);
    expect(own.manifest.variants.map(({precision}) => precision)).toEqual(["fp32", "fp16"]);
    expect(own.bytes).toBeLessThan(0.75 * models.find((model) => model.hash === hash)!.bytes);
    // It runs, from what the store holds, and passes its self-test.
    const bundle = await openBundle(storedBundle(store, made!));
    const encoder = await openEncoder(bundle, "fp16");
    expect((await runSelfTest(bundle, encoder))?.passed).toBe(true);
    await encoder.close();
    expect(await store.list(measuringFolder)).toEqual([]);
    await expect(variantsOf({store, hash: made!})).rejects.toMatchObject({details: {code: "no-float32"}});
  });

  it("goes on where it was ended, and says what is beyond its limits", async () => {
    const {store, hash} = await kept();
    const stop = new AbortController();
    const seconds: number[] = [];
    const onProgress = ({step, done}: {step: string; done: number}) => step === "measure" && done > 24 && stop.abort();
    const begun = variantsOf({store, hash}, {signal: stop.signal, onProgress, onEstimate: (s) => seconds.push(s)});
    await expect(begun).rejects.toMatchObject({name: "AbortError"});
    expect(seconds).toHaveLength(1);
    expect((await store.list(measuringFolder)).length).toBeGreaterThan(0);
    const limits = {fp16: {relativeError: 1e-9, recall15: 0}, int8: {relativeError: 1e-9, recall15: 0}};
    const {variants, made} = await variantsOf({store, hash}, {limits});
    expect(made).toBe(null);
    for (const {fault} of variants) expect(fault).toMatch(/is too far from float32: relative error/);
    expect((await listStoredModels(store)).length).toBe(1);
  });

  it("are not judged on a few cells", async () => {
    await expect(variantsOf(await kept(), {fewest: undefined})).rejects.toMatchObject({
      details: {code: "not-measured", fault: expect.stringMatching(/^dense_by_cell.h5ad has 60 cells .* at least 96$/)}
    });
  });
});
