// node --import tsx tests/bench/views.ts: the views' own grid of points and histogram, and what d3 has for the same.
import {bin, quadtree, range} from "d3";
import {histogram} from "../../src/components/views/histogram.js";
import {pointIndex} from "../../src/components/views/point-index.js";

/** Shortest of three times of `work` in ms. */
function time(work: () => unknown): string {
  const times = [0, 1, 2].map(() => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return `${Math.min(...times).toFixed(1)} ms`;
}

for (const n of [2700, 50_000, 1_000_000]) {
  const positions = Float32Array.from({length: 2 * n}, () => Math.random() + Math.random());
  const values = Float64Array.from({length: n}, () => Math.exp(8 + Math.random()));
  const {edges} = histogram(values, 48, {log: true});
  const tree = () =>
    quadtree<number>()
      .x((i) => positions[2 * i])
      .y((i) => positions[2 * i + 1])
      .addAll(range(n));
  const [ours, theirs] = [pointIndex(positions), tree()];
  const places = range(1000).map(() => [2 * Math.random(), 2 * Math.random()] as const);
  console.log(`${n.toLocaleString("en-US")} points
  index: ours ${time(() => pointIndex(positions))}, d3.quadtree ${time(tree)}
  1,000 times the nearest: ours ${time(() => places.map(([x, y]) => ours.nearest(x, y, 0.02)))}, d3.quadtree ${time(() => places.map(([x, y]) => theirs.find(x, y, 0.02)))}
  histogram: ours ${time(() => histogram(values, 48))}, log ${time(() => histogram(values, 48, {log: true}))}, d3.bin ${time(() => bin().thresholds([...edges])(values))}`);
}
