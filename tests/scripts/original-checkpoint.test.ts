import {readFileSync} from "node:fs";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, test} from "vitest";
import {hashedValues} from "../../scripts/hashed-checkpoint.js";
import {originalTensors, publishedOriginal, writeOriginalCheckpoint} from "../../scripts/original-checkpoint.js";
import {describeCheckpoint} from "../../src/components/core/convert/describe-checkpoint.js";
import {openTensorFile} from "../../src/components/core/convert/tensor-file.js";
import {memoryReader} from "../../src/components/core/remote/range-reader.js";
import {crc32} from "../../src/components/core/sources/crc32.js";
import {bytesInMemory} from "../../src/components/core/sources/byte-file.js";
import {readZipDirectory} from "../../src/components/core/sources/zip-directory.js";

const small = {
  vocabulary: 170,
  inputWidth: 40,
  width: 64,
  feedForward: 128,
  layers: 2,
  maxLength: 96,
  decoder: [48, 64, 64, 64],
  head: [56, 16, 8, 1]
};

test("a made-up checkpoint is what torch.save would write: whole, named as the public files, one head of 64", async () => {
  const folder = await mkdtemp(join(tmpdir(), "original-"));
  const path = join(folder, "small.torch");
  await writeOriginalCheckpoint(path, small);
  const bytes = Uint8Array.from(readFileSync(path));
  await rm(folder, {recursive: true});
  const file = await openTensorFile(memoryReader("small.torch", bytes));
  const {sizes, layout} = describeCheckpoint(file, undefined);
  expect(sizes).toMatchObject({layers: 2, width: 64, heads: 1, feedForward: 128, decoderWidths: [128, 56, 16, 8, 1]});
  expect(layout.paddedLength).toBe(1536);
  const table = originalTensors(small).at(-1)!;
  expect(Array.from(await file.readRows(table.name, [170, 40], 7, 1))).toEqual(
    Array.from(hashedValues(table, 280, 40))
  );
  for (const {crc, headerAt, bytes: size, path: name} of readZipDirectory(
    bytesInMemory("small.torch", bytes)
  ).values()) {
    const view = new DataView(bytes.buffer, headerAt);
    const start = headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    expect([start % 64, crc32(bytes.subarray(start, start + size)), view.getUint32(14, true)], name).toEqual([
      0,
      crc,
      crc
    ]);
  }
});

test("the published sizes are 19.68 M weights a layer, and 0.1 and 0.7 billion beside the token table", () => {
  const count = (layers: number) =>
    originalTensors(publishedOriginal(layers))
      .filter(({name}) => name !== "pe_embedding.weight")
      .reduce((sum, {shape}) => sum + shape.reduce((product, size) => product * size, 1), 0);
  expect((count(5) - count(4)) / 1e6).toBeCloseTo(19.68, 2);
  expect(count(4) / 1e6).toBeCloseTo(106.07, 1);
  expect(count(33) / 1e6).toBeCloseTo(676.8, 0);
});
