import {WorkbookError} from "../core/errors.js";
import {pickNearest} from "../core/kernels/pick-nearest.js";
import {plainProduct} from "../core/kernels/plain-product.js";
import type {CandidateFinder} from "../core/vectors/candidates.js";
import {unitRows} from "../core/vectors/unit-rows.js";

/** The standard's bits of GPUBufferUsage and GPUMapMode. */
const usage = {read: 1, copyFrom: 4, copyTo: 8, uniform: 64, storage: 128} as const;
const mapForReading = 1;
/** Candidates beyond k. */
const spare = 18;
const tile = {rows: 128, columns: 64, depth: 16};
/** Bytes of the products of a block of cells with all others: a GPU of a laptop has them, and they take some milliseconds. */
const blockBytes = 2 ** 28;

/**
 * Finds candidates for neighbors on a GPU: the products of a block of cells with all cells in float32 (core/kernels/plain-product.ts), of which the largest
 * are picked there. The device is left open. Rejects with a WorkbookError of domain "space" where the device refuses, or has no room for so many cells.
 */
export function gpuCandidates(device: GPUDevice): CandidateFinder {
  return async (vectors, width, k, breathe) => {
    const count = vectors.length / width;
    const most = Math.min(k + spare, count - 1);
    const depth = Math.ceil(width / tile.depth) * tile.depth;
    const padded = Math.ceil(count / tile.rows) * tile.rows;
    const largest = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    const block = Math.floor(Math.min(largest, blockBytes) / (4 * padded * tile.rows)) * tile.rows;
    if (4 * padded * depth > largest || block === 0) throw refused(count, `its buffers hold ${largest} bytes`);
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    const buffers: GPUBuffer[] = [];
    const make = (size: number, bits: number): GPUBuffer => {
      const buffer = device.createBuffer({size, usage: bits});
      buffers.push(buffer);
      return buffer;
    };
    const cells = new Int32Array(count * most);
    const floor = new Float64Array(count);
    try {
      const call = make(16, usage.uniform | usage.copyTo);
      const rows = make(4 * padded * depth, usage.storage | usage.copyTo);
      const columns = make(4 * padded * depth, usage.storage | usage.copyTo);
      const products = make(4 * padded * Math.min(block, padded), usage.storage);
      const bytes = 4 * Math.min(block, padded) * (most + 1);
      const picked = make(bytes, usage.storage | usage.copyFrom);
      const answer = make(bytes, usage.read | usage.copyTo);
      const unit = unitRows(vectors, width, new Float32Array(vectors.length));
      const {byRow, byColumn} = spaced(unit, width, depth, padded);
      device.queue.writeBuffer(rows, 0, byRow);
      device.queue.writeBuffer(columns, 0, byColumn);
      const shape = {inner: depth, columns: padded, epilogue: "none", output: "f32"} as const;
      const product = plainProduct("fp32", shape, tile);
      const [multiply, pick] = await Promise.all([pipeline(device, product.code), pipeline(device, pickNearest(most))]);
      for (let from = 0; from < padded; from += block) {
        const size = Math.min(block, padded - from);
        device.queue.writeBuffer(call, 0, Uint32Array.of(count, padded, from, 0));
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(multiply);
        const part = {buffer: rows, offset: 4 * from * depth, size: 4 * size * depth};
        pass.setBindGroup(0, group(device, multiply, {0: part, 1: {buffer: columns}, 3: {buffer: products}}));
        pass.dispatchWorkgroups(...product.groups({cells: 1, length: size, padded: size}));
        pass.setPipeline(pick);
        pass.setBindGroup(0, group(device, pick, {0: {buffer: call}, 1: {buffer: products}, 2: {buffer: picked}}));
        pass.dispatchWorkgroups(Math.min(size, count - from));
        pass.end();
        encoder.copyBufferToBuffer(picked, 0, answer, 0, 4 * size * (most + 1));
        device.queue.submit([encoder.finish()]);
        await answer.mapAsync(mapForReading);
        takeAnswer(new Uint32Array(answer.getMappedRange()), {from, most}, cells, floor);
        answer.unmap();
        await breathe(Math.min(1, (from + size) / padded));
      }
    } finally {
      for (const buffer of buffers) buffer.destroy();
      const faults = [await device.popErrorScope(), await device.popErrorScope()];
      const fault = faults.find((one) => one !== null);
      // What a refused buffer gave is not told as an answer.
      if (fault !== undefined && fault !== null) throw refused(count, fault.message);
    }
    // Factors rounded, and a sum as long as the rows in whatever order: see core/vectors/row-products.ts.
    return {cells, most, floor, error: 2 ** -23 * (3 + depth), ofDistance: (distance) => 1 - distance};
  };
}

/** Rows with `depth` numbers each, and the same turned, `padded` numbers a column; zeros beyond what is there. */
function spaced(unit: Float32Array, width: number, depth: number, padded: number) {
  const byRow = new Float32Array(padded * depth);
  const byColumn = new Float32Array(padded * depth);
  const count = unit.length / width;
  for (let from = 0; from < count; from += 16) {
    const to = Math.min(count, from + 16);
    for (let row = from; row < to; row += 1) byRow.set(unit.subarray(row * width, (row + 1) * width), row * depth);
    for (let i = 0; i < width; i += 1) {
      for (let row = from; row < to; row += 1) byColumn[i * padded + row] = unit[row * width + i];
    }
  }
  return {byRow, byColumn};
}

function takeAnswer(
  answer: Uint32Array,
  {from, most}: {from: number; most: number},
  cells: Int32Array,
  floor: Float64Array
): void {
  const floats = new Float32Array(answer.buffer, answer.byteOffset, answer.length);
  for (let row = 0; row * (most + 1) < answer.length && from + row < floor.length; row += 1) {
    const at = row * (most + 1);
    // "None" reads as -1.
    cells.set(answer.subarray(at, at + most), (from + row) * most);
    floor[from + row] = floats[at + most];
  }
}

function group(device: GPUDevice, made: GPUComputePipeline, bindings: Record<number, GPUBufferBinding>): GPUBindGroup {
  const entries = Object.entries(bindings).map(([binding, resource]) => ({binding: Number(binding), resource}));
  return device.createBindGroup({layout: made.getBindGroupLayout(0), entries});
}

async function pipeline(device: GPUDevice, code: string): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({code});
  return await device.createComputePipelineAsync({layout: "auto", compute: {module, entryPoint: "main"}});
}

function refused(cells: number, why: string): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "gpu-refused",
    fault: `The GPU does not find the neighbors of ${cells.toLocaleString("en-US")} cells: ${why}`,
    remedy: "search them on the processor"
  });
}
