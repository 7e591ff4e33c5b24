import type {Encoder} from "../core/embed/encoder.js";
import {tableRows} from "../core/embed/table-rows.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";
import {encoderBuffers, mostSentences} from "../core/kernels/encoder-buffers.js";
import {encoderSteps, type Step} from "../core/kernels/encoder-plan.js";
import {encoderWeights, type KernelWeight} from "../core/kernels/encoder-weights.js";
import {numberType, rowStep, type Arithmetic, type CallShape, type Kernel} from "../core/kernels/kernel.js";
import {narrowNumbers} from "../core/kernels/narrow-numbers.js";
import {areMany, type Tiles} from "../core/kernels/tiles.js";
import type {Architecture, Bundle} from "../core/model/bundle.js";
import {readWideTensors} from "../core/model/wide-tensors.js";
import type {Precision} from "../core/types.js";

/** The standard's bits of GPUBufferUsage and GPUMapMode. */
const usage = {read: 1, copyFrom: 4, copyTo: 8, uniform: 64, storage: 128} as const;
const mapForReading = 1;

/** How to open a model with our own kernels. */
export interface WgslEncoderOptions {
  /** Display name ("WebGPU, Apple M4"). */
  name: string;
  /** Storage precision to read. */
  precision: Precision;
  /** Arithmetic of the kernels; the device must have the features that it needs. */
  arithmetic: Arithmetic;
  /** Device to run on. The encoder destroys it when closed. */
  device: GPUDevice;
  signal?: AbortSignal;
}

/**
 * Opens a bundle with the kernels of core/kernels. Throws a WorkbookError of domain "model" or "encoder"; `embed` throws "device-lost" when the device is gone,
 * "out-of-memory" or "run-failed" when a batch does not go through: such a batch can be tried again elsewhere.
 */
export async function openWgslEncoder(
  bundle: Bundle,
  {name, precision, arithmetic, device, signal}: WgslEncoderOptions
): Promise<Encoder> {
  const {architecture} = bundle.manifest;
  const wide = await readWideTensors(bundle, "encoder", precision, signal);
  const tensors = new Map(wide.map((tensor) => [tensor.name, tensor.values]));
  const lost = device.lost.then(({message}) => deviceLost(name, message));
  // A buffer for which there is no memory is no exception: its kernels are left out, and old numbers stand where new ones should.
  let refused: Error | null = null;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const memory = event.error.constructor.name === "GPUOutOfMemoryError";
    refused ??= new Error(`${memory ? "out of memory: " : ""}${event.error.message}`);
  });
  const runner = await orLost(
    openRunner(device, architecture, arithmetic, encoderWeights(tensors, architecture)),
    lost
  ).catch((cause: unknown) => {
    if (isWorkbookError(cause)) throw cause;
    throw failed("no-session", `${name} could not open the model`, "choose another backend", cause);
  });
  const rowsOf = tableRows(bundle);
  const {outputWidth: width} = architecture;
  let open = true;
  return {
    name,
    backend: "webgpu",
    compute: arithmetic === "fp32" ? "fp32" : "fp16",
    storage: precision,
    limits: {maxBatch: 256, preferredBatch: 16},
    width,
    async embed(tokens, batch, length, cancel) {
      cancel?.throwIfAborted();
      if (!open) throw failed("closed", "the model was closed", "open it again");
      const rows = rowsOf(tokens, batch, length);
      try {
        const vectors = await orLost(runner.embed(rows, batch, length, cancel), lost);
        if (refused !== null) throw refused;
        return vectors;
      } catch (cause) {
        cancel?.throwIfAborted();
        throw isWorkbookError(cause) ? cause : runFailed(name, batch, length, refused ?? cause);
      } finally {
        refused = null;
      }
    },
    async close() {
      open = false;
      device.destroy();
    }
  };
}

/** The kernels with a model's weights on a device. */
export interface WgslRunner {
  /** Unit vectors (batch x outputWidth) of sentences given as rows of the table (batch x length). Throws the signal's reason between two parts of a batch. */
  embed(rows: Int32Array, batch: number, length: number, signal?: AbortSignal): Promise<Float32Array>;
  /** Most sentences that are computed in one submission. */
  part: number;
}

interface Slot {
  call: GPUBuffer;
  rows: GPUBuffer;
  unit: GPUBuffer;
  answer: GPUBuffer;
}

/** Brings weights to a device and makes the pipelines. A batch is computed in parts of `part` sentences; while one is computed the next is prepared. */
export async function openRunner(
  device: GPUDevice,
  model: Architecture,
  arithmetic: Arithmetic,
  weights: Iterable<KernelWeight>,
  {part = 16, tiles}: {part?: number; tiles?: Tiles} = {}
): Promise<WgslRunner> {
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();
  const pipeline = ({code}: Kernel) => {
    const made = pipelines.get(code) ?? makePipeline(device, code);
    pipelines.set(code, made);
    return made;
  };
  const buffers = await uploadWeights(device, arithmetic, weights, pipeline);
  const plans = await Promise.all(
    [false, true].map(async (many) => {
      const steps = encoderSteps(model, arithmetic, many, tiles);
      return {
        steps,
        pipelines: await Promise.all(steps.map(({kernel}) => pipeline(kernel))),
        groups: [] as GPUBindGroup[][]
      };
    })
  );
  const slots: Slot[] = [];
  let capacity = {cells: 0, padded: 0};

  function reserve(cells: number, padded: number): void {
    if (cells <= capacity.cells && padded <= capacity.padded) return;
    capacity = {cells: Math.max(cells, capacity.cells), padded: Math.max(padded, capacity.padded)};
    const make = (size: number, bits: number) => device.createBuffer({size: Math.ceil(size / 16) * 16, usage: bits});
    const replace = (name: string, size: number) => {
      buffers.get(name)?.destroy();
      buffers.set(name, make(size, usage.storage));
    };
    for (const [name, size] of encoderBuffers(model, arithmetic, capacity)) replace(name, size);
    for (const slot of slots.splice(0)) for (const buffer of Object.values(slot) as GPUBuffer[]) buffer.destroy();
    for (let i = 0; i < 2; ++i) {
      const answer = 4 * capacity.cells * model.outputWidth;
      slots.push({
        call: make(16, usage.uniform | usage.copyTo),
        rows: make(4 * capacity.cells * capacity.padded, usage.storage | usage.copyTo),
        unit: make(answer, usage.storage | usage.copyFrom),
        answer: make(answer, usage.read | usage.copyTo)
      });
    }
    for (const plan of plans) {
      plan.groups = slots.map((slot) => plan.steps.map((step, i) => bind(step, plan.pipelines[i], slot)));
    }
  }

  function bind({bindings}: Step, made: GPUComputePipeline, slot: Slot): GPUBindGroup {
    const entries = bindings.flatMap((name, binding) => {
      if (name === null) return [];
      const buffer = name in slot ? slot[name as keyof Slot] : buffers.get(name);
      if (buffer === undefined) throw new Error(`no buffer ${name}`);
      return [{binding, resource: {buffer}}];
    });
    return device.createBindGroup({layout: made.getBindGroupLayout(0), entries});
  }

  /** Begins one part; its vectors come when they are read back. */
  async function compute(rows: Uint32Array<ArrayBuffer>, shape: CallShape, which: number): Promise<Float32Array> {
    const slot = slots[which];
    const {cells, length, padded} = shape;
    device.queue.writeBuffer(slot.rows, 0, rows);
    device.queue.writeBuffer(slot.call, 0, Uint32Array.of(cells, length, padded, model.maxLength - 1));
    const plan = plans[Number(areMany(cells * padded))];
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    plan.steps.forEach(({kernel}, i) => {
      pass.setPipeline(plan.pipelines[i]);
      pass.setBindGroup(0, plan.groups[which][i]);
      pass.dispatchWorkgroups(...kernel.groups(shape));
    });
    pass.end();
    const bytes = 4 * cells * model.outputWidth;
    encoder.copyBufferToBuffer(slot.unit, 0, slot.answer, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await slot.answer.mapAsync(mapForReading, 0, bytes);
    const vectors = new Float32Array(slot.answer.getMappedRange(0, bytes).slice(0));
    slot.answer.unmap();
    return vectors;
  }

  return {
    part,
    async embed(rows, batch, length, signal) {
      const padded = Math.ceil(length / rowStep) * rowStep;
      const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
      const size = Math.max(1, Math.min(part, mostSentences(model, arithmetic, padded, limit)));
      reserve(Math.min(batch, size), padded);
      const vectors = new Float32Array(batch * model.outputWidth);
      const running: Promise<void>[] = [];
      try {
        for (let from = 0, which = 0; from < batch; from += size, which = 1 - which) {
          signal?.throwIfAborted();
          if (running.length === 2) await running.shift();
          const cells = Math.min(size, batch - from);
          const spaced = new Uint32Array(cells * padded);
          for (let i = 0; i < cells; ++i) {
            spaced.set(rows.subarray((from + i) * length, (from + i + 1) * length), i * padded);
          }
          const part = compute(spaced, {cells, length, padded}, which);
          running.push(part.then((answer) => vectors.set(answer, from * model.outputWidth)));
        }
      } finally {
        await Promise.all(running);
      }
      return vectors;
    }
  };
}

async function makePipeline(device: GPUDevice, code: string): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({code});
  return await device.createComputePipelineAsync({layout: "auto", compute: {module, entryPoint: "main"}});
}

async function uploadWeights(
  device: GPUDevice,
  arithmetic: Arithmetic,
  weights: Iterable<KernelWeight>,
  pipeline: (kernel: Kernel) => Promise<GPUComputePipeline>
): Promise<Map<string, GPUBuffer>> {
  const buffers = new Map<string, GPUBuffer>();
  const halves = numberType(arithmetic) === "f16";
  const narrow = narrowNumbers();
  const made = halves ? await pipeline(narrow) : null;
  for (const {name, values, matrix} of weights) {
    const wide = device.createBuffer({
      size: values.byteLength,
      usage: usage.storage | usage.copyTo
    });
    device.queue.writeBuffer(wide, 0, values);
    buffers.set(name, wide);
    if (!matrix || made === null) continue;
    const small = device.createBuffer({size: values.byteLength / 2, usage: usage.storage});
    const entries = [wide, small].map((buffer, binding) => ({binding, resource: {buffer}}));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(made);
    pass.setBindGroup(0, device.createBindGroup({layout: made.getBindGroupLayout(0), entries}));
    pass.dispatchWorkgroups(...narrow.groups({cells: 1, length: 1, padded: 1}));
    pass.end();
    device.queue.submit([encoder.finish()]);
    wide.destroy();
    buffers.set(name, small);
  }
  return buffers;
}

/** What `work` gives, or a rejection as soon as the device is lost: calls that are under way may never answer. */
function orLost<T>(work: Promise<T>, lost: Promise<WorkbookError>): Promise<T> {
  return Promise.race([work, lost.then((error) => Promise.reject(error))]);
}

function deviceLost(name: string, message: string): WorkbookError {
  const detail = message === "" ? "" : ` (${message.replace(/\s+/g, " ").slice(0, 120)})`;
  return failed("device-lost", `${name} was lost${detail}`, "the run goes on with a new device or without one");
}

function runFailed(name: string, batch: number, length: number, cause: unknown): WorkbookError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const memory = /out of memory|OOM|allocat|exceeds|too large/i.test(text);
  const fault = `${name} ${memory ? "ran out of memory" : "failed"} on ${batch} sentence${batch === 1 ? "" : "s"} of ${length} tokens`;
  return failed(memory ? "out-of-memory" : "run-failed", fault, "try again with a smaller batch", cause);
}

function failed(code: string, fault: string, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "encoder", code, fault, remedy}, {cause});
}
