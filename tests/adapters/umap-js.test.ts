import {UMAP} from "umap-js";
import {describe, expect, it} from "vitest";
import {placeStart, umapJsEngine} from "./umap-js-engine.js";
import type {LayoutEngine} from "../../src/components/core/space/layout.js";
import {layoutCurve} from "../../src/components/core/space/layout-curve.js";
import {nearestNeighbors} from "../../src/components/core/vectors/neighbors.js";
import {createRandom} from "../../src/components/core/random.js";
import {trustworthiness} from "../../src/components/core/space/trustworthiness.js";
import {createUmapEngine} from "../../src/components/core/space/umap-engine.js";
import {type LayoutFrame, umapLayout, type UmapOptions} from "../../src/components/core/space/umap-layout.js";
import {labels, space, vectors} from "../core/space/fixture.js";

const {width} = space;

async function layOutBy(engine: LayoutEngine, cells: Float32Array, dims: number, options: UmapOptions = {}) {
  const frames: LayoutFrame[] = [];
  const quiet = {interval: Infinity, pause: () => Promise.resolve()};
  for await (const frame of umapLayout(cells, dims, engine, {...quiet, ...options})) frames.push(frame);
  return {frames, positions: frames.at(-1)!.positions};
}

const first = (count: number) => vectors.slice(0, count * width);

describe("umap-js", () => {
  it("starts where it is told to: a run that moves nothing ends there", async () => {
    const {indices, distances} = await nearestNeighbors(first(40), width, 5);
    const random = createRandom(1);
    const start = Float64Array.from({length: 80}, () => random.normal());
    const umap = new UMAP({nNeighbors: 5, nEpochs: 20, learningRate: 0, random: random.next});
    const rows = (values: ArrayLike<number>) =>
      Array.from({length: 40}, (_, i) => Array.from({length: 5}, (_, j) => values[5 * i + j]));
    umap.setPrecomputedKNN(rows(indices), rows(distances));
    umap.initializeFit(Array.from({length: 40}, () => []));
    placeStart(umap, start);
    while (umap.step() < 20);
    expect(umap.getEmbedding().flat()).toEqual([...start]);
  });

  it("moves the points that the engine reads, from the start on and not from umap-js's own", async () => {
    const {frames} = await layOutBy(umapJsEngine(), first(100), width, {interval: 0, epochs: 500});
    const moved = frames[3].positions.map((value, i) => Math.abs(value - frames[0].positions[i])).sort();
    expect(moved[199]).toBeGreaterThan(0.03);
    // umap-js's own start is uniform in a square of side 20: half of the coordinates would be some 5 units away.
    expect(moved[100]).toBeLessThan(2);
  });

  it("has umap-learn's curve within 6 % for the parameters that people use, for the defaults within 0.5 %", () => {
    for (const [spread, minDist, a, b] of space.umapLearn.ab) {
      const umap = new UMAP({spread, minDist, nNeighbors: 2, random: createRandom(1).next});
      umap.setPrecomputedKNN(
        [
          [0, 1],
          [1, 0],
          [2, 0]
        ],
        [
          [0, 1],
          [0, 1],
          [0, 1]
        ]
      );
      umap.initializeFit([[], [], []]);
      const state = (umap as unknown as {optimizationState: {a: number; b: number}}).optimizationState;
      const allowed = spread === 1 && minDist === 0.1 ? 0.005 : 0.06;
      expect(Math.abs(state.a - a) / a, `a for ${spread}, ${minDist}`).toBeLessThan(allowed);
      expect(Math.abs(state.b - b) / b, `b for ${spread}, ${minDist}`).toBeLessThan(allowed);
    }
  });
});

describe("our own engine", () => {
  it("moves every point as umap-js does, given its curve and its random numbers", async () => {
    const found = await nearestNeighbors(vectors, width, 14);
    const withSelf = (values: ArrayLike<number>, self: (i: number) => number) =>
      Array.from({length: 300}, (_, i) => [self(i), ...Array.from({length: 14}, (_, j) => values[14 * i + j])]).flat();
    const source = createRandom(3);
    const start = Float64Array.from({length: 600}, () => 10 * source.normal());
    const task = {
      count: 300,
      k: 15,
      indices: Int32Array.from(withSelf(found.indices, (i) => i)),
      distances: Float64Array.from(withSelf(found.distances, () => 0)),
      start,
      minDist: 0.1,
      spread: 1,
      epochs: 50,
      rate: 0.5
    };
    const random = createRandom(5);
    // umap-js draws a start of its own first.
    for (let i = 0; i < 600; i += 1) random.next();
    const curve = {a: 0, b: 0};
    class Watched extends UMAP {
      override initializeFit(cells: number[][]): number {
        const epochs = super.initializeFit(cells);
        const {a, b} = (this as unknown as {optimizationState: {a: number; b: number}}).optimizationState;
        Object.assign(curve, {a, b});
        return epochs;
      }
    }
    const theirs = umapJsEngine(Watched).begin({...task, random: createRandom(5).next});
    const ours = createUmapEngine(() => curve).begin({...task, random: random.next});
    const [a, b] = [new Float32Array(600), new Float32Array(600)];
    // Rounding in the last digit grows from round to round, as in any such layout: the first six are compared.
    for (let epoch = 1; epoch <= 6; epoch += 1) {
      expect([theirs.step(), ours.step()]).toEqual([epoch, epoch]);
      theirs.read(a);
      ours.read(b);
      expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(1e-5);
    }
    expect(Math.max(...b.map((value, i) => Math.abs(value - start[i])))).toBeGreaterThan(0.5);
  });

  it("has umap-learn's curve to 1e-6", () => {
    for (const [spread, minDist, a, b] of space.umapLearn.ab) {
      const curve = layoutCurve(spread, minDist);
      expect(Math.abs(curve.a - a) / a).toBeLessThan(1e-6);
      expect(Math.abs(curve.b - b) / b).toBeLessThan(1e-6);
    }
  });
});

describe("a layout", () => {
  const engine = createUmapEngine();
  const layOut = (cells: Float32Array, dims: number, options: UmapOptions = {}, other: LayoutEngine = engine) =>
    layOutBy(other, cells, dims, options);

  it("of a structured space is trustworthy: no worse than a random start's, about as umap-learn's and umap-js's", async () => {
    const trust = async (map: Float32Array) => (await trustworthiness(vectors, width, map, 15)).value;
    const ours = await trust((await layOut(vectors, width)).positions);
    const library = await trust((await layOut(vectors, width, {}, umapJsEngine())).positions);
    const scattered: LayoutEngine = {
      name: "random start",
      begin(task) {
        const random = createRandom(7);
        return engine.begin({...task, start: task.start.map(() => 20 * random.next() - 10)});
      }
    };
    expect(ours).toBeGreaterThan(0.95);
    expect(ours).toBeGreaterThan((await trust((await layOut(vectors, width, {}, scattered)).positions)) - 0.01);
    expect(Math.abs(ours - library)).toBeLessThan(0.01);
    expect(ours).toBeGreaterThan(space.umapLearn.trustworthiness - 0.015);
  });

  it("keeps cells of a type together: 5 nearest on the map against the labels", async () => {
    const {positions} = await layOut(vectors, width);
    const {indices, k} = await nearestNeighbors(positions, 2, 5, {metric: "euclidean"});
    const same = indices.filter((other, at) => labels[other] === labels[Math.floor(at / k)]).length / indices.length;
    expect(same).toBeGreaterThan(0.8);
  });

  it("is the same to the last bit for a seed, whatever the interval and the pauses", async () => {
    const once = await layOut(vectors, width, {epochs: 60});
    const often = await layOut(vectors, width, {epochs: 60, interval: 0, pause: undefined});
    expect(often.frames.map(({epoch}) => epoch)).toEqual(Array.from({length: 61}, (_, i) => i));
    expect(once.frames.map(({epoch}) => epoch)).toEqual([0, 60]);
    expect(Buffer.from(often.positions.buffer).equals(Buffer.from(once.positions.buffer))).toBe(true);
    const other = await layOut(vectors, width, {epochs: 60, seed: 43});
    expect(other.positions).not.toEqual(once.positions);
  });

  it("uses neighbors that are known already, and says so if they are of other cells", async () => {
    const known = await nearestNeighbors(vectors, width, 20);
    const given = await layOut(vectors, width, {epochs: 20, known});
    expect(given.positions).toEqual((await layOut(vectors, width, {epochs: 20})).positions);
    await expect(layOut(first(50), width, {known})).rejects.toThrow(/20 neighbors of 300 cells .* 14 of 50/);
  });

  it("copes with few cells", async () => {
    expect((await layOut(first(0), width)).positions).toHaveLength(0);
    expect([...(await layOut(first(1), width)).positions]).toEqual([0, 0]);
    for (const count of [2, 3]) {
      const {frames, positions} = await layOut(first(count), width);
      expect(frames).toHaveLength(1);
      expect(frames[0]).toMatchObject({epoch: 0, epochs: 0});
      expect(Math.max(...positions.map(Math.abs))).toBeCloseTo(10, 2);
    }
    for (const count of [4, 5, 14, 15, 16, 17]) {
      const {positions, frames} = await layOut(first(count), width, {epochs: 30});
      expect(positions).toHaveLength(2 * count);
      expect(positions.every(Number.isFinite)).toBe(true);
      expect(frames.at(-1)?.epoch).toBe(30);
    }
  });

  it("copes with cells that are all the same, and with vectors of zeros", async () => {
    const copies = Float32Array.from({length: 100 * width}, (_, i) => vectors[i % width]);
    for (const cells of [copies, new Float32Array(50 * width)]) {
      const {positions} = await layOut(cells, width, {epochs: 40});
      expect(positions.every(Number.isFinite)).toBe(true);
    }
  });

  it("stops when told to, within an epoch", async () => {
    const stop = new AbortController();
    const epochs: number[] = [];
    const run = async () => {
      for await (const {epoch} of umapLayout(vectors, width, engine, {interval: 0, signal: stop.signal})) {
        epochs.push(epoch);
        if (epoch === 7) stop.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({name: "AbortError"});
    expect(epochs.at(-1)).toBe(7);
  });

  it.each([
    [{neighbors: 1}, /neighbors is 1/],
    [{neighbors: 2.5}, /neighbors is 2.5/],
    [{minDist: -1}, /minDist is -1/],
    [{minDist: 2}, /minDist is 2 .*from 0 to the spread, 1/],
    [{spread: 0}, /spread is 0/],
    [{epochs: 0}, /epochs is 0/],
    [{seed: 0.5}, /seed is 0.5/]
  ] satisfies [UmapOptions, RegExp][])("refuses %o in words", async (options, message) => {
    await expect(layOut(first(30), width, options)).rejects.toThrow(message);
  });
});
