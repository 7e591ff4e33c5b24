import {gpuCandidates} from "../../adapters/wgsl-neighbors.js";
import {nearestNeighbors, type NeighborSearch} from "../../core/vectors/neighbors.js";
import {findGpu} from "./gpu-device.js";

/** Cells from which a GPU's start is worth it: the processor finds the neighbors of fewer in some tenths of a second. */
const leastForGpu = 4000;

let gpu: ReturnType<typeof findGpu> | undefined;

/**
 * `nearestNeighbors`, with candidates found on the GPU where there is a real one and cells are many. The neighbors are the same. What the GPU refuses, or has
 * begun when it is lost, the processor does.
 */
export const searchNeighbors: NeighborSearch = async (vectors, width, k, options = {}) => {
  if (vectors.length / width >= leastForGpu) {
    const found = (await (gpu ??= findGpu())).gpu;
    const device = found === null || found.software ? null : await found.open({subgroups: false}).catch(() => null);
    if (device !== null) {
      try {
        const candidates = gpuCandidates(device as unknown as GPUDevice);
        return await nearestNeighbors(vectors, width, k, {...options, candidates});
      } catch (error) {
        if (options.signal?.aborted) throw error;
      } finally {
        device.destroy();
      }
    }
  }
  return nearestNeighbors(vectors, width, k, options);
};
