import {expect, test} from "vitest";
import {folderBundle} from "../../../src/components/adapters/node-files.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {StageEngine} from "../../../src/components/core/engine/stage-engine.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {defaultChain} from "../../../src/components/core/stages/chain.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore} from "../../../src/components/core/store/result-store.js";
import {demoModelFolder} from "../../../src/components/runtime/demo-model.js";
import {louvain} from "../../../src/components/runtime/louvain.js";
import {nodeAliases} from "../../../src/components/runtime/node-aliases.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {createUmapEngine} from "../../../src/components/core/space/umap-engine.js";
import {software} from "../../../src/components/runtime/software.js";

test("whoever waits for the quality of cells with another is not given up with it", async () => {
  const never = (): never => {
    throw new Error("nothing is embedded here");
  };
  const engine = new StageEngine<{path: string; identity?: string}>({
    software,
    layoutEngine: createUmapEngine(),
    communities: louvain,
    adapt: false,
    openSource: async ({path}) => {
      const reader = await openH5File(path);
      const anndata = openAnnData(reader);
      return {anndata, identity: path, bytes: reader.byteLength, close: () => anndata.close()};
    },
    aliases: nodeAliases,
    model: () => openBundle(folderBundle(demoModelFolder)),
    precisionOf: () => "fp16",
    encoderChoices: async () => never(),
    openHead: async () => never(),
    openLayers: async () => never(),
    storage: async () => ({store: createResultStore(memoryStore()), fault: null})
  });
  const source = {path: "tests/fixtures/anndata/encodings.h5ad"};
  const chain = {...defaultChain, parameters: {...defaultChain.parameters, matrix: "X"}};
  const first = new AbortController();
  await engine.answer(source, chain, async (context) => {
    const ask = (signal: AbortSignal) => context.quality({signal});
    const given = ask(first.signal);
    const waited = ask(new AbortController().signal);
    first.abort();
    await expect(given).rejects.toMatchObject({name: "AbortError"});
    expect((await waited).totalCounts.length).toBeGreaterThan(0);
  });
  engine.close();
});
