import {describe, expect, it} from "vitest";
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
});
