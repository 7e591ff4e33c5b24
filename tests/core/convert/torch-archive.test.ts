import {zipSync} from "fflate";
import {describe, expect, it} from "vitest";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {openTensorFile} from "../../../src/components/core/convert/tensor-file.js";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {fixtureBytes, memoryBundle} from "./fixture.js";
import {original, originalBytes, originalCheckpoint} from "./original-fixture.js";
import {latin, whole, withPickle, zipped} from "./torch-files.js";
import {recordedReader} from "./recorded-reader.js";

const open = (bytes: Uint8Array, name = "model.torch") => openTensorFile(memoryReader(name, bytes));
/** The fixture's pickle, a text in it replaced by one of the same length. */
const patched = (from: string, to: string): Uint8Array => {
  const text = Buffer.from(whole["model/data.pkl"]).toString("latin1");
  expect(text).toContain(from);
  expect(to).toHaveLength(from.length);
  return withPickle(text.replace(from, to));
};

describe("a PyTorch zip archive", () => {
  it("gives its tensors by range: directory, pickle, and then only the rows that are asked for", async () => {
    const {reader, ranges} = recordedReader("model.torch", originalBytes());
    const file = await openTensorFile(reader);
    expect(file.tensors.get("pe_embedding.weight")).toEqual({type: "F32", shape: [170, 40], bytes: 27_200});
    ranges.length = 0;
    const rows = await file.readRows("pe_embedding.weight", [170, 40], 100, 2);
    const more = await file.readRows("pe_embedding.weight", [170, 40], 102, 1);
    expect(ranges.map(([start, end]) => end - start)).toEqual([512, 320, 160]);
    const all = await file.read("pe_embedding.weight", [170, 40]);
    expect(Array.from(rows)).toEqual(Array.from(all.subarray(4000, 4080)));
    expect(Array.from(more)).toEqual(Array.from(all.subarray(4080, 4120)));
  });

  it("reads what torch.save writes, whoever packed it, and its file of byte order", async () => {
    const made = await open(zipped((files) => (files["model/byteorder"] = latin("little"))));
    const saved = await open(originalBytes());
    expect([...made.tensors]).toEqual([...saved.tensors]);
    const name = "encoder.0.weight";
    expect(await made.read(name, [32, 40])).toEqual(await saved.read(name, [32, 40]));
  });
});

/** What is refused, by its code and words. */
const hostile: readonly [string, () => Uint8Array, string, RegExp][] = [
  [
    "a pickle that asks for os.system",
    () => withPickle("\x80\x02cposix\nsystem\nX\x04\0\0\0echo\x85R."),
    "unsafe-pickle",
    /asks for posix\.system, which is no part of a tensor and is not run here \(at data\.pkl\)/
  ],
  [
    "the same by protocol 4",
    () => withPickle("\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R."),
    "unsafe-pickle",
    /asks for builtins\.eval/
  ],
  [
    "a class where a tensor is rebuilt",
    () => patched("ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_device_v9\n"),
    "unsafe-pickle",
    /asks for torch\._utils\._rebuild_device_v9/
  ],
  ["a call of what is no function", () => withPickle("\x80\x02K\x01)R."), "unsafe-pickle", /calls what is no function/],
  [
    "a call of a storage",
    () => withPickle("\x80\x02ctorch\nFloatStorage\n)R."),
    "unsafe-pickle",
    /calls torch\.FloatStorage/
  ],
  ["another instruction", () => withPickle("\x80\x02P1\n."), "bad-pickle", /uses instruction 80 at byte 2/],
  [
    "a pickle that ends early",
    () => withPickle("\x80\x02X\x10\0\0\0abc"),
    "bad-pickle",
    /of 10 bytes ends in the middle/
  ],
  [
    "a value from nowhere",
    () => withPickle("\x80\x02h\x07."),
    "bad-pickle",
    /recalls value 7, which it did not remember/
  ],
  ["an empty stack", () => withPickle("\x80\x02."), "bad-pickle", /takes a value that is not there/],
  ["a list that is none", () => withPickle("\x80\x02K\x01K\x02a."), "bad-pickle", /adds to a list that is none/],
  ["a number", () => withPickle("\x80\x02K\x01."), "no-state-dict", /holds no dictionary/],
  [
    "a whole training state",
    () => withPickle("\x80\x02}(X\x05\0\0\0epochK\x03X\x05\0\0\0model}u."),
    "no-state-dict",
    /holds a dictionary of epoch, model, which are not all tensors .*torch\.save\(model\.state_dict\(\)/
  ],
  [
    "a transposed view",
    () => patched("K K(\x86", "K(K \x86"),
    "bad-tensor",
    /has strides \[\d+, \d+\]: it is a view of another, not row-major \(at encoder\.0\.weight\)/
  ],
  [
    "a compressed member",
    () => zipped(() => {}, 6),
    "compressed-member",
    /the file model\/\S+ of model\.torch is packed with method 8 of zip/
  ],
  [
    "an archive cut short",
    () => originalBytes().slice(0, -4000),
    "truncated",
    /is cut short or damaged: its \d+ bytes/
  ],
  [
    "a storage cut short",
    () => zipped((files) => (files["model/data/1"] = files["model/data/1"].slice(0, 100))),
    "truncated",
    /holds 100 bytes of a tensor that takes 5120 \(at encoder\.0\.weight\)/
  ],
  [
    "a storage that is missing",
    () => zipped((files) => void delete files["model/data/1"]),
    "truncated",
    /has no file model\/data\/1 \(at encoder\.0\.weight\)/
  ],
  [
    "numbers of the other byte order",
    () => zipped((files) => (files["model/byteorder"] = latin("big"))),
    "wrong-byte-order",
    /byte order "big"/
  ],
  [
    "another zip archive",
    () => zipSync({"cells/counts.txt": latin("1")}),
    "not-torch",
    /is a zip archive and no checkpoint of PyTorch: it holds cells\/counts\.txt, and not one data\.pkl/
  ],
  [
    "a file of PyTorch before 1.6",
    () => latin("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."),
    "other-file",
    /seems to be a checkpoint in the form of PyTorch before 1\.6/
  ],
  ["a file of cells", () => latin("\x89HDF\r\n\x1a\n and more"), "other-file", /seems to be an HDF5 file, as \.h5ad/],
  [
    "a page of the web",
    () => latin("<!doctype html><title>Sign in</title>"),
    "other-file",
    /seems to be a page of the web/
  ]
];

describe("refused by name", () => {
  it.each(hostile)("%s", async (_, bytes, code, says) => {
    const fault: unknown = await open(bytes()).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(WorkbookError);
    expect(fault).toMatchObject({details: {domain: "checkpoint", code}});
    expect((fault as WorkbookError).message).toMatch(says);
  });

  const convert = (bytes: Uint8Array, ...[config]: [unknown?]) =>
    convertCheckpoint({...originalCheckpoint(bytes), config}, memoryBundle());

  it.each<[string, Record<string, unknown> | undefined, string, RegExp]>([
    ["another width", {...original.config, d_model: 64}, "wrong-shape", /has 32 where config\.json says d_model 64/],
    ["more layers", {...original.config, nlayers: 33}, "wrong-layers", /has 2 where config\.json says nlayers 33/],
    ["heads that do not divide", {nhead: 5}, "bad-config", /nhead is 5, which does not divide the width 32/],
    ["no heads", undefined, "bad-config", /32 wide, which is no multiple of 64, so how many heads/],
    [
      "another sentence",
      {nhead: 2, pad_length: 2048},
      "bad-config",
      /pad_length is 2048, but what is computed here is 1536/
    ],
    ["an unknown field", {nhead: 2, rotary: true}, "bad-config", /has a field rotary \(true\), which may change/]
  ])("a config.json with %s", async (_, config, code, says) => {
    const converting = convert(originalBytes(), config);
    await expect(converting).rejects.toThrow(says);
    await expect(converting).rejects.toMatchObject({details: {domain: "checkpoint", code}});
  });

  it.each<[string, string, string, unknown, string, RegExp]>([
    [
      "a tensor that is missing",
      "decoder.3.bias",
      "decoder.3.bios",
      original.config,
      "no-such-tensor",
      /has no tensor decoder\.3\.bias \(nearest of its \d+: decoder\.3\.bios,/
    ],
    [
      "a token table that is missing",
      "pe_embedding.weight",
      "xe_embedding.weight",
      undefined,
      "other-model",
      /seems to be another model: .* no token table of UCE-brain or of the original UCE/
    ],
    [
      "a model of neither family, by what it seems to be",
      "pe_embedding.weight",
      "bert.pooler.weight0",
      undefined,
      "other-model",
      /model\.torch seems to be a BERT model, as Geneformer is: it holds \d+ tensors/
    ]
  ])("%s", async (_, from, to, config, code, says) => {
    const converting = convert(patched(from, to), config);
    await expect(converting).rejects.toThrow(says);
    await expect(converting).rejects.toMatchObject({details: {domain: "checkpoint", code}});
  });

  it("a tensor that the model does not have", async () => {
    const text = Buffer.from(whole["model/data.pkl"]).toString("latin1");
    const first = text.indexOf("X\x0e\0\0\0pos_encoder.pe");
    const tensor = text.slice(first, text.indexOf("X\x10\0\0\0encoder.0.weight"));
    const renamed = tensor.replace("pos_encoder.pe", "qos_encoder.pe");
    const bytes = withPickle(text.slice(0, first) + renamed + text.slice(first));
    await expect(convert(bytes, original.config)).rejects.toMatchObject({details: {code: "unknown-tensors"}});
    await expect(convert(bytes, original.config)).rejects.toThrow(/qos_encoder\.pe \[64, 1, 32\]/);
  });

  it("weights of UCE-brain without their config.json", async () => {
    const checkpoint = {
      ...originalCheckpoint(),
      config: undefined,
      weights: memoryReader("model.safetensors", fixtureBytes())
    };
    await expect(convertCheckpoint(checkpoint, memoryBundle())).rejects.toThrow(
      /there is no config\.json beside model\.safetensors, which holds weights of UCE-brain/
    );
  });
});
