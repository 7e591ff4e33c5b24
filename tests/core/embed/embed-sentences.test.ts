import {describe, expect, it} from "vitest";
import {averageEmbeddings} from "../../../src/components/core/vectors/average-embeddings.js";
import {embedSentences} from "../../../src/components/core/embed/embed-sentences.js";
import type {EmbedOptions, EmbeddedBatch, EmbeddedCell} from "../../../src/components/core/embed/embed-sentences.js";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import type {Sentence} from "../../../src/components/core/types.js";

interface FakeEncoder extends Encoder {
  calls: {batch: number; length: number}[];
}

/** Embeds a sentence as the direction of (its second token, its length): known, and its own for each sentence. */
function fakeEncoder(change: (vector: Float32Array, second: number) => void = () => undefined): FakeEncoder {
  const calls: FakeEncoder["calls"] = [];
  return {
    calls,
    name: "fake",
    backend: "fake",
    compute: "fp32",
    storage: "fp32",
    limits: {maxBatch: 64, preferredBatch: 4},
    width: 2,
    async embed(tokens, batch, length) {
      calls.push({batch, length});
      const vectors = new Float32Array(batch * 2);
      for (let i = 0; i < batch; ++i) {
        const vector = vectors.subarray(i * 2, i * 2 + 2);
        vector.set(direction(tokens[i * length + 1], length));
        change(vector, tokens[i * length + 1]);
      }
      return vectors;
    },
    async close() {}
  };
}

function direction(a: number, b: number): number[] {
  return [a / Math.hypot(a, b), b / Math.hypot(a, b)];
}

const sentence = (row: number, length: number, second = row + 1): Sentence => ({
  row,
  status: "ok",
  tokens: Int32Array.from({length}, (_, i) => (i === 1 ? second : 7))
});
const empty = (row: number): Sentence => ({row, status: "empty", tokens: null});

async function collect(sentences: Sentence[], encoder: Encoder, options?: EmbedOptions): Promise<EmbeddedBatch[]> {
  const batches: EmbeddedBatch[] = [];
  for await (const batch of embedSentences(sentences, encoder, options)) batches.push(batch);
  return batches;
}

const cellsOf = (batches: EmbeddedBatch[]): EmbeddedCell[] =>
  batches.flatMap(({cells}) => cells).sort((a, b) => a.row - b.row);

describe("embedding sentences", () => {
  it("gives every cell its own vector, whatever the mixture of lengths, in calls of equal length", async () => {
    const lengths = [5, 7, 5, 5, 9, 7, 5, 7, 7, 5, 7];
    const encoder = fakeEncoder();
    const cells = cellsOf(
      await collect(
        lengths.map((length, row) => sentence(row, length)),
        encoder,
        {batch: 2}
      )
    );
    expect(cells.map(({row}) => row)).toEqual(lengths.map((_, row) => row));
    cells.forEach(({embedding, nTokens}, row) => {
      expect(Array.from(embedding ?? [])).toEqual(direction(row + 1, lengths[row]).map(Math.fround));
      expect(nTokens).toBe(lengths[row]);
    });
    expect(encoder.calls.map(({batch, length}) => `${batch}x${length}`)).toEqual([
      "2x5",
      "2x7",
      "2x5",
      "2x7",
      "1x5",
      "1x7",
      "1x9"
    ]);
  });

  it("passes on cells without a sentence with their status, also when there is nothing else", async () => {
    const cells = cellsOf(
      await collect([empty(0), sentence(1, 4), {row: 2, status: "failed", tokens: null}], fakeEncoder())
    );
    expect(cells.map(({status}) => status)).toEqual(["empty", "ok", "failed"]);
    expect(cells[0]).toEqual({row: 0, status: "empty", nTokens: null, embedding: null});
    const batches = await collect(
      Array.from({length: 10}, (_, row) => empty(row)),
      fakeEncoder()
    );
    expect(cellsOf(batches)).toHaveLength(10);
    expect(batches[0]).toMatchObject({batch: 0, length: 0});
    expect(await collect([], fakeEncoder())).toEqual([]);
  });

  it("marks a cell failed whose vector is not finite, and only that cell", async () => {
    const encoder = fakeEncoder((vector, second) => {
      if (second === 2) vector[1] = NaN;
    });
    const cells = cellsOf(await collect([sentence(0, 4), sentence(1, 4), sentence(2, 4)], encoder));
    expect(cells.map(({status}) => status)).toEqual(["ok", "failed", "ok"]);
    expect(cells[1].embedding).toBeNull();
  });

  it("stops in words if the device returns vectors that are not of unit length", async () => {
    const encoder = fakeEncoder((vector) => ((vector[0] *= 1.1), (vector[1] *= 1.1)));
    await expect(collect([sentence(0, 4)], encoder)).rejects.toThrow(
      /fake returned a vector of length 1\.1.*another backend/
    );
  });

  it("averages consecutive sentences of a cell in their order and scales to unit length", async () => {
    const sentences = [0, 1, 2].flatMap((row) => [
      sentence(row, 4, 3 * row + 1),
      sentence(row, 6, 50),
      sentence(row, 8, 9)
    ]);
    const cells = cellsOf(await collect(sentences, fakeEncoder(), {average: 3, batch: 2}));
    expect(cells).toHaveLength(3);
    cells.forEach(({row, embedding, nTokens}) => {
      const parts = [direction(3 * row + 1, 4), direction(50, 6), direction(9, 8)].map((v) => Float32Array.from(v));
      expect(embedding).toEqual(averageEmbeddings(parts));
      expect(Math.hypot(...(embedding ?? []))).toBeCloseTo(1, 6);
      expect(nTokens).toBe(4);
    });
  });

  it("keeps status when averaging: empty stays empty, one failed draw fails the cell", async () => {
    const encoder = fakeEncoder((vector, second) => {
      if (second === 9) vector.fill(NaN);
    });
    const cells = cellsOf(
      await collect([empty(0), empty(0), sentence(1, 4), sentence(1, 4, 9), sentence(2, 4), sentence(2, 4)], encoder, {
        average: 2
      })
    );
    expect(cells.map(({status}) => status)).toEqual(["empty", "failed", "ok"]);
  });

  it("refuses cells with a wrong number of sentences to average", async () => {
    await expect(collect([sentence(0, 4), sentence(1, 4)], fakeEncoder(), {average: 2})).rejects.toThrow(
      /row 0 .*2 consecutive/
    );
    await expect(collect([sentence(5, 4)], fakeEncoder(), {average: 2})).rejects.toThrow(/row 5/);
  });

  it("holds fewer sentences than a batch of each length, and those of the call under way", async () => {
    let pulled = 0;
    let most = 0;
    let done = 0;
    function* source(): Generator<Sentence> {
      for (let row = 0; row < 500; ++row) {
        ++pulled;
        most = Math.max(most, pulled - done);
        yield sentence(row, 4 + ((row * 7) % 5));
      }
    }
    for await (const {cells} of embedSentences(source(), fakeEncoder(), {batch: 8})) done += cells.length;
    expect(done).toBe(500);
    expect(most).toBeLessThanOrEqual(5 * 7 + 1 + 8);
  });

  it.each([
    // The second call begins before the first batch is handed out.
    [false, ["call", "taken", "taken", "call", "batch", "call", "batch", "batch"]],
    // Where this very thread computes, what is done is handed out first.
    [true, ["call", "batch", "taken", "taken", "call", "batch", "call", "batch"]]
  ])("overlaps a call with what is around it unless it computes in the caller: %s", async (inCaller, right) => {
    const log: string[] = [];
    const encoder = fakeEncoder();
    const device: Encoder = {
      ...encoder,
      inCaller,
      async embed(...args) {
        log.push("call");
        await new Promise((resolve) => setTimeout(resolve, 5));
        return encoder.embed(...args);
      }
    };
    function* source(): Generator<Sentence> {
      for (let row = 0; row < 5; ++row) {
        if (row === 2 || row === 3) log.push("taken");
        yield sentence(row, 4);
      }
    }
    for await (const _ of embedSentences(source(), device, {batch: 2})) log.push("batch");
    expect(log).toEqual(right);
  });

  it.each([1, 2])(
    "keeps %d calls under way where the encoder takes so many at once, and each has its own time",
    async (atOnce) => {
      const encoder = fakeEncoder();
      let [underWay, most, free] = [0, 0, 0];
      const device: Encoder = {
        ...encoder,
        backend: "webgpu",
        limits: {...encoder.limits, atOnce},
        async embed(...args) {
          most = Math.max(most, ++underWay);
          // One after the other, as a device computes them.
          free = Math.max(free, performance.now()) + 30;
          await new Promise((resolve) => setTimeout(resolve, free - performance.now()));
          --underWay;
          return encoder.embed(...args);
        }
      };
      const sentences = Array.from({length: 9}, (_, row) => sentence(row, 4));
      const start = performance.now();
      const batches = await collect(sentences, device, {batch: 2});
      expect(most).toBe(atOnce);
      expect(cellsOf(batches).map(({embedding}) => Array.from(embedding!))).toEqual(
        sentences.map(({row}) => direction(row + 1, 4).map(Math.fround))
      );
      // The wait for the call before is not this call's time: all of them together are not longer than it took.
      expect(batches.reduce((sum, {milliseconds}) => sum + milliseconds, 0)).toBeLessThanOrEqual(
        performance.now() - start
      );
    }
  );

  it("leaves no call under way when its user stops or the source fails", async () => {
    let [begun, ended] = [0, 0];
    const encoder = fakeEncoder();
    const device: Encoder = {
      ...encoder,
      async embed(...args) {
        ++begun;
        await new Promise((resolve) => setTimeout(resolve, 5));
        ++ended;
        return encoder.embed(...args);
      }
    };
    const sentences = Array.from({length: 20}, (_, row) => sentence(row, 4));
    for await (const _ of embedSentences(sentences, device, {batch: 2})) break;
    expect([begun, ended]).toEqual([2, 2]);
    function* failing(): Generator<Sentence> {
      yield* sentences.slice(0, 2);
      throw new Error("the file has ended");
    }
    const run = async () => {
      for await (const _ of embedSentences(failing(), device, {batch: 2}));
    };
    await expect(run()).rejects.toThrow("the file has ended");
    expect([begun, ended]).toEqual([3, 3]);
  });

  it("stops at the next call when aborted, and reports progress until then", async () => {
    const abort = new AbortController();
    const encoder = fakeEncoder();
    const progress: number[] = [];
    const options = {
      batch: 2,
      signal: abort.signal,
      onProgress: (done: number) => {
        progress.push(done);
        if (done === 4) abort.abort();
      }
    };
    const sentences = Array.from({length: 20}, (_, row) => sentence(row, 4));
    await expect(collect(sentences, encoder, options)).rejects.toMatchObject({name: "AbortError"});
    expect(progress).toEqual([2, 4]);
    expect(encoder.calls).toHaveLength(2);
  });

  it("loses no cell when the batch size changes among the last sentences", async () => {
    // Lengths 5 and 6 wait in numbers that a first slow, then quick encoder cuts unevenly.
    const sentences = [
      ...Array.from({length: 9}, (_, row) => sentence(row, 4)),
      ...Array.from({length: 28}, (_, i) => sentence(9 + i, 5 + (i % 4)))
    ];
    for (const slow of [0, 3]) {
      const encoder = fakeEncoder();
      let call = 0;
      const unsteady: Encoder = {
        ...encoder,
        async embed(...args) {
          if (call++ === slow) await new Promise((resolve) => setTimeout(resolve, 700));
          return encoder.embed(...args);
        }
      };
      const batches = await collect(sentences, unsteady, {batch: 8, adapt: true});
      const rows = batches.flatMap(({cells}) => cells.map(({row}) => row)).sort((a, b) => a - b);
      expect(rows, `call ${slow} is slow`).toEqual(Array.from({length: 37}, (_, row) => row));
    }
  });

  it("adapts the batch size only when asked", async () => {
    const sentences = Array.from({length: 40}, (_, row) => sentence(row, 4));
    const fixed = fakeEncoder();
    await collect(sentences, fixed, {batch: 2});
    expect(new Set(fixed.calls.map(({batch}) => batch))).toEqual(new Set([2]));
    const adapting = fakeEncoder();
    await collect(sentences, adapting, {batch: 2, adapt: true});
    expect(adapting.calls.map(({batch}) => batch)).toEqual([2, 4, 8, 16, 10]);
  });
});
