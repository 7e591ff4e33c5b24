import {expect, it, test} from "vitest";
import {describeOriginal} from "../../../src/components/core/convert/original-checkpoint.js";
import {openTensorFile} from "../../../src/components/core/convert/tensor-file.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {original, originalBytes} from "./original-fixture.js";
import {withPickle} from "./torch-files.js";

const open = (bytes: Uint8Array) => openTensorFile(memoryReader("model.torch", bytes));

/** Lists in lists: `depth` doublings, of which no text could be made. */
const doubled = (depth: number) => "]q\x00" + "]q\x01(h\x00h\x00eq\x00".repeat(depth);

/** What would take more memory or time than there is. */
const endless: readonly [string, () => Uint8Array, string, RegExp][] = [
  [
    "a name that is a list in lists",
    () => withPickle(`\x80\x04${doubled(60)}h\x00\x93.`),
    "bad-pickle",
    /asks for what has no name/
  ],
  [
    "a key that is one",
    () => withPickle(`\x80\x02${doubled(60)}0}h\x00K\x01s.`),
    "no-state-dict",
    /holds a dictionary of something without a name, which/
  ],
  ["marks without end", () => withPickle("(".repeat(600_000)), "bad-pickle", /holds more values than any/],
  ["a list without end", () => withPickle("]" + "Na".repeat(600_000)), "bad-pickle", /holds more values than any/],
  [
    "a tensor of too many dimensions",
    () => {
      const storage = "(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x001X\x03\0\0\0cpuK\x01tQ";
      const ones = `(${"K\x01".repeat(200_000)}t`;
      return withPickle(
        `\x80\x02}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n(${storage}K\0${ones}${ones}\x89}tRs.`
      );
    },
    "bad-tensor",
    /is not given as a storage, an offset, sizes and strides/
  ]
];

it.each(endless)("%s is refused by name", async (_, bytes, code, says) => {
  const opening = open(bytes());
  await expect(opening).rejects.toThrow(says);
  await expect(opening).rejects.toMatchObject({details: {domain: "checkpoint", code}});
});

test("an archive whose directory is said to lie far from its end is not read whole", async () => {
  const byteLength = 2 ** 33;
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(10, 1, true);
  view.setUint32(12, 100, true);
  const asked: number[] = [];
  const slice = async (from: number, to: number) => {
    asked.push(to - from);
    const bytes = new Uint8Array(Math.min(to - from, 2 ** 21));
    if (from === 0) bytes.set([0x50, 0x4b, 3, 4]);
    if (to === byteLength) bytes.set(end, bytes.length - end.length);
    return bytes;
  };
  const opening = openTensorFile({...memoryReader("model.torch", end), byteLength, slice});
  await expect(opening).rejects.toMatchObject({details: {domain: "checkpoint", code: "truncated"}});
  expect(asked).toEqual([8, 2 ** 20]);
});

test("layers are counted however many tensors there are, and whatever numbers their names have", async () => {
  const {name, tensors} = await open(originalBytes());
  const more = new Map(tensors);
  for (let i = 0; i < 200_000; ++i) more.set(`transformer_encoder.layers.0.x${i}`, {type: "F32", shape: [1], bytes: 4});
  more.set("transformer_encoder.layers.4000000000.x", {type: "F32", shape: [1], bytes: 4});
  expect(describeOriginal({name, tensors: more}, original.config).sizes.layers).toBe(2);
});
