import {createRandom} from "../random.js";

/** Standard deviation of the noise: with none, all cells of a label would be equally near. */
const jitter = 0.01;

/**
 * A space that holds labels and nothing else: an axis a label, and normal noise of 0.01 (seed 0), as Open Problems' positive control. Row-major, as wide as there are labels (at least 2).
 * What it reaches is what a metric allows at best.
 */
export function perfectSpace(labels: Int32Array): {vectors: Float32Array; width: number} {
  const width = labels.reduce((most, label) => Math.max(most, label + 1), 2);
  const random = createRandom(0);
  const vectors = Float32Array.from({length: labels.length * width}, (_, i) => {
    return (labels[Math.floor(i / width)] === i % width ? 1 : 0) + jitter * random.normal();
  });
  return {vectors, width};
}
