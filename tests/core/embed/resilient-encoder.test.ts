import {describe, expect, it, vi} from "vitest";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import {openResilientEncoder, type EncoderChoice} from "../../../src/components/core/embed/resilient-encoder.js";
import {WorkbookError} from "../../../src/components/core/errors.js";

const lost = () =>
  new WorkbookError({domain: "encoder", code: "device-lost", fault: "the GPU was lost", remedy: "wait"});

/** A choice whose encoders, counted together, throw at the calls of `losses` and else answer with each sentence's first token. */
function device(label: string, losses: readonly number[] | "always"): EncoderChoice & {opened: number; calls: number} {
  const choice = {
    label,
    opened: 0,
    calls: 0,
    async open(): Promise<Encoder> {
      choice.opened++;
      return {
        name: label,
        backend: label,
        compute: "fp32",
        storage: "fp32",
        limits: {maxBatch: 2, preferredBatch: 2},
        width: 1,
        async embed(tokens: Int32Array, batch: number, length: number) {
          const call = choice.calls++;
          if (losses === "always" || losses.includes(call)) throw lost();
          return Float32Array.from({length: batch}, (_, i) => tokens[i * length]);
        },
        close: async () => undefined
      };
    }
  };
  return choice;
}

async function embedBatches(
  choices: EncoderChoice[],
  batches: number
): Promise<{vectors: number[]; notices: string[]; backend: string}> {
  const notices: string[] = [];
  const encoder = await openResilientEncoder(choices, ({code}) => void notices.push(code));
  const vectors: number[] = [];
  for (let k = 0; k < batches; k++) vectors.push(...(await encoder.embed(Int32Array.of(2 * k, 2 * k + 1), 2, 1)));
  return {vectors, notices, backend: encoder.backend};
}

describe("an encoder whose device is lost", () => {
  const all = Array.from({length: 20}, (_, i) => i);

  it("is opened anew each time, however often, as long as it does a batch in between", async () => {
    const gpu = device("gpu", [2, 5, 9]);
    const cpu = device("cpu", []);
    expect(await embedBatches([gpu, cpu], 10)).toEqual({
      vectors: all,
      notices: ["reopened", "reopened", "reopened"],
      backend: "gpu"
    });
    expect([gpu.opened, cpu.opened]).toEqual([4, 0]);
  });

  it("gives way to the next when it is lost again at once", async () => {
    const gpu = device("gpu", [2, 3]);
    expect(await embedBatches([gpu, device("cpu", [])], 10)).toEqual({
      vectors: all,
      notices: ["reopened", "fallback"],
      backend: "cpu"
    });
    expect(gpu.calls).toBe(4);
  });

  it("stops with its own words when no other is left", async () => {
    const gpu = device("gpu", "always");
    await expect(embedBatches([gpu], 10)).rejects.toThrow(/the GPU was lost/);
    expect(gpu.calls).toBe(2);
  });

  it("with two calls at once is opened anew once for both, and gives way to one that takes a call at a time", async () => {
    const log: string[] = [];
    let lose = () => {};
    const open = (name: string, atOnce: number, loses: boolean): EncoderChoice => ({
      label: name,
      async open() {
        log.push(`open ${name}`);
        let underWay = 0;
        const gone = new Promise<never>((_, reject) => (lose = () => reject(lost())));
        gone.catch(() => {});
        return {
          name,
          backend: name,
          compute: "fp32",
          storage: "fp32",
          limits: {maxBatch: 2, preferredBatch: 2, atOnce},
          width: 1,
          async embed(tokens, batch, length) {
            log.push(`${name}: ${++underWay} under way`);
            await (loses ? gone : new Promise((resolve) => setTimeout(resolve, 2)));
            --underWay;
            return Float32Array.from({length: batch}, (_, i) => tokens[i * length]);
          },
          close: async () => void log.push(`close ${name}`)
        };
      }
    });
    const encoder = await openResilientEncoder([open("gpu", 2, true), open("cpu", 1, false)], () => {});
    const both = [Int32Array.of(1, 2), Int32Array.of(3, 4)].map((tokens) => encoder.embed(tokens, 2, 1));
    for (const calls of [2, 4]) {
      await vi.waitFor(() => expect(log.filter((line) => line.endsWith("under way"))).toHaveLength(calls));
      lose();
    }
    expect((await Promise.all(both)).map((vectors) => [...vectors])).toEqual([
      [1, 2],
      [3, 4]
    ]);
    const twice = ["gpu: 1 under way", "gpu: 2 under way", "close gpu"];
    expect(log).toEqual([
      "open gpu",
      ...twice,
      "open gpu",
      ...twice,
      "open cpu",
      "cpu: 1 under way",
      "cpu: 1 under way"
    ]);
  });
});
