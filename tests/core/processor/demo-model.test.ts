import {expect, it} from "vitest";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {bundlePaths} from "../../../src/components/core/model/bundle-paths.js";
import {readWeights} from "../../../src/components/core/model/read-weights.js";
import {decodeSelfTest} from "../../../src/components/core/model/self-test-table.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import {openNodeModel} from "../../../src/components/runtime/node-model.js";
import {openProcessor, runSentence} from "./open-processor.js";

const cells = 3;

it("embeds real cells with the model of the workbook as Node's onnxruntime does, as far as float32 tells", async () => {
  const bundle = await openNodeModel(undefined);
  const {width} = bundle.manifest.architecture;
  const {sentences} = decodeSelfTest(await bundle.file(bundlePaths.selfTest("int8")));
  const chosen = sentences.slice(0, cells);
  const encoder = await openNodeEncoder(bundle, {precision: "int8"});
  const theirs = await embedTokens(encoder, chosen, {});
  await encoder.close();
  const rows: Float32Array[] = [];
  const onTable = ({widen}: {widen(): Float32Array}) => void rows.push(widen());
  const weights = readWeights(bundle, "encoder", "int8");
  const processor = await openProcessor(bundle.manifest.architecture, weights, {onTable});
  const [table] = rows;
  const ours = chosen.flatMap((tokens) => {
    const input = new Float32Array(tokens.length * width);
    tokens.forEach((token, i) => {
      const row = bundle.tableRow.get(token)! * width;
      input.set(table.subarray(row, row + width), i * width);
    });
    return [...runSentence(processor, input).vector];
  });
  const error = relativeError(ours, theirs, cells, width);
  expect(error).toBeLessThan(1e-5);
  expect(relativeError(ours.slice(width).concat(ours.slice(0, width)), theirs, cells, width)).toBeGreaterThan(0.5);
});
