import type {Encoder} from "../../src/components/core/embed/encoder.js";

/** How a made-up device was used. Times are milliseconds. */
export interface DeviceUse {
  calls: number;
  cells: number;
  /** When the first work came, and when the last was done, on the clock of `performance`, which counts from `timeOrigin`. */
  first: number;
  last: number;
  timeOrigin: number;
  /** Time between these without work, and when (after `first`) and for how long the device stood so longest. */
  idle: number;
  longest: {at: number; ms: number}[];
}

/** A made-up device. */
export interface WaitingOptions {
  /** What a cell takes. */
  msPerCell: number;
  /** How much later than it is done a part is heard of: Chromium looks every one or two milliseconds. */
  late?: number;
  /** Told how the device was used, when it is closed. */
  onClose?(use: DeviceUse): void;
}

/** Sentences of a part of a call, and most milliseconds of work and most parts that are handed over ahead, as our own kernels have it. */
const [part, workAhead, mostAhead] = [16, 80, 8];
const width = 512;

/**
 * An encoder that waits as long as a GPU would take, and says how long that stood idle. Vectors are unit vectors that depend on every token. As our own kernels do
 * (adapters/wgsl-runner.ts), it computes parts of 16 sentences in the order in which they come, 80 ms of work ahead; what this thread hands over too late is idle time.
 */
export function waitingEncoder({msPerCell, late = 2, onClose}: WaitingOptions): Encoder {
  const ahead = Math.max(2, Math.min(mostAhead, Math.ceil(workAhead / (msPerCell * part))));
  const use: DeviceUse = {
    calls: 0,
    cells: 0,
    first: 0,
    last: 0,
    timeOrigin: performance.timeOrigin,
    idle: 0,
    longest: []
  };
  const running: Promise<void>[] = [];
  let turn: Promise<void> = Promise.resolve();

  function compute(cells: number): Promise<void> {
    const now = performance.now();
    if (use.cells === 0) use.first = use.last = now;
    const gap = now - use.last;
    if (gap > 0) {
      use.idle += gap;
      use.longest.push({at: Math.round(use.last - use.first), ms: Number(gap.toFixed(1))});
    }
    use.cells += cells;
    use.last = Math.max(use.last, now) + msPerCell * cells;
    const wait = use.last - now + late;
    return new Promise((resolve) => void setTimeout(resolve, wait));
  }

  async function handOver(batch: number): Promise<Promise<void>[]> {
    const own: Promise<void>[] = [];
    for (let from = 0; from < batch; from += part) {
      while (running.length >= ahead) await running.shift();
      const one = compute(Math.min(part, batch - from));
      running.push(one);
      own.push(one);
    }
    return own;
  }

  return {
    name: "a device that waits",
    backend: "webgpu",
    compute: "fp16",
    storage: "int8",
    width,
    limits: {maxBatch: 512, preferredBatch: 16, atOnce: 3},
    async embed(tokens, batch, length) {
      use.calls += 1;
      const vectors = new Float32Array(batch * width);
      for (let i = 0; i < batch; ++i) vectors.set(vectorOf(tokens, i * length, length), i * width);
      const handed = turn.then(() => handOver(batch));
      turn = handed.then(() => {});
      await Promise.all(await handed);
      return vectors;
    },
    async close() {
      use.longest = use.longest.sort((a, b) => b.ms - a.ms).slice(0, 5);
      onClose?.(use);
    }
  };
}

/** A unit vector of two numbers, which and where a hash of the tokens from `from` on decides. */
function vectorOf(tokens: Int32Array, from: number, length: number): Float32Array {
  let hash = 0;
  for (let i = from; i < from + length; ++i) hash = (Math.imul(hash, 31) + tokens[i]) | 0;
  const vector = new Float32Array(width);
  const angle = ((hash >>> 8) / 2 ** 24) * Math.PI;
  vector[hash & 255] = Math.cos(angle);
  vector[256 + ((hash >>> 8) & 255)] = Math.sin(angle);
  return vector;
}
