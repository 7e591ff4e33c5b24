import {promptAnswer} from "../core/embed/prompt-answer.js";
import {encoderBuffers, mostSentences} from "../core/kernels/encoder-buffers.js";
import {encoderSteps, type Step} from "../core/kernels/encoder-plan.js";
import {bringWeights, type WeightBuffer, type WeightSink} from "../core/kernels/bring-weights.js";
import {rowStep, type Arithmetic, type CallShape, type Kernel} from "../core/kernels/kernel.js";
import {PartQueue} from "../core/kernels/part-queue.js";
import {longestPart, mostAhead, planParts} from "../core/kernels/plan-parts.js";
import {areMany} from "../core/kernels/tiles.js";
import type {Architecture} from "../core/model/bundle.js";
import type {WeightPart} from "../core/model/read-weights.js";

/** The standard's bits of GPUBufferUsage and GPUMapMode. */
const usage = {read: 1, copyFrom: 4, copyTo: 8, uniform: 64, storage: 128} as const;
const mapForReading = 1;

interface Slot {
  call: GPUBuffer;
  rows: GPUBuffer;
  unit: GPUBuffer;
  answer: GPUBuffer;
}

/** A call: its rows, where its vectors go, and what ends it. */
interface Call {
  rows: Int32Array;
  batch: number;
  length: number;
  vectors: Float32Array;
  signal: AbortSignal | undefined;
}

interface Plan {
  steps: Step[];
  pipelines: GPUComputePipeline[];
  /** For each slot, in the order of the steps; empty until they are bound to the present buffers. */
  groups: GPUBindGroup[][];
}

/**
 * The kernels with a model's weights on a device. A batch is computed in parts of at most `part` sentences and a quarter of a second; while some are computed the next is
 * prepared, also of the next batch, so that calls may overlap. Their parts are computed in the order of the calls.
 */
export class WgslRunner {
  private readonly plans: (Plan | undefined)[] = [];
  private slots: Slot[] = [];
  private capacity = {cells: 0, padded: 0};
  /** Milliseconds a sentence, as the last batch took; a first batch is computed in small parts. */
  private pace = longestPart / 2;
  private readonly queue = new PartQueue(mostAhead);
  /** When the last call was answered. */
  private answered = 0;

  private constructor(
    private readonly device: GPUDevice,
    private readonly model: Architecture,
    private readonly arithmetic: Arithmetic,
    private readonly pipeline: PipelineMaker,
    private readonly buffers: Map<string, GPUBuffer>,
    private part: number
  ) {}

  /** Brings weights to a device; pipelines are made when they are first needed. */
  static async open(
    device: GPUDevice,
    shape: {model: Architecture; tableRows: number; arithmetic: Arithmetic},
    weights: AsyncIterable<WeightPart> | Iterable<WeightPart>,
    part = 16
  ): Promise<WgslRunner> {
    const pipelines = new Map<string, Promise<GPUComputePipeline>>();
    const pipeline: PipelineMaker = ({code}) =>
      pipelines.get(code) ?? pipelines.set(code, makePipeline(device, code)).get(code)!;
    const buffers = new Map<string, GPUBuffer>();
    await bringWeights(shape, weights, deviceSink(device, pipeline, buffers));
    return new WgslRunner(device, shape.model, shape.arithmetic, pipeline, buffers, part);
  }

  /** Unit vectors (batch x outputWidth) of sentences given as rows of the table (batch x length). Throws the signal's reason between two parts of a batch. */
  async embed(rows: Int32Array, batch: number, length: number, signal?: AbortSignal): Promise<Float32Array> {
    const start = performance.now();
    const vectors = new Float32Array(batch * this.model.outputWidth);
    const parts: Promise<void>[] = [];
    try {
      await this.queue.inTurn(() => this.handOver({rows, batch, length, vectors, signal}, parts));
    } finally {
      await Promise.all(parts);
    }
    const now = performance.now();
    this.pace = Math.max(1e-3, (now - Math.max(start, this.answered)) / batch);
    this.answered = now;
    return vectors;
  }

  /** Gives the device a call's parts, as many ahead as are good; `parts` are answered when their vectors are in place. */
  private async handOver({rows, batch, length, vectors, signal}: Call, parts: Promise<void>[]): Promise<void> {
    const {maxStorageBufferBindingSize, maxBufferSize} = this.device.limits;
    const {outputWidth} = this.model;
    const padded = Math.ceil(length / rowStep) * rowStep;
    const largest = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    const most = mostSentences(this.model, this.arithmetic, padded, largest);
    const {size, ahead} = planParts(Math.min(this.part, most), this.pace);
    await this.reserve(Math.min(batch, size), padded);
    let failed = false;
    for (let from = 0; from < batch && !failed; from += size) {
      signal?.throwIfAborted();
      const {slot, idle} = await this.queue.room(ahead);
      const cells = Math.min(size, batch - from);
      const spaced = new Uint32Array(cells * padded);
      for (let i = 0; i < cells; ++i) {
        spaced.set(rows.subarray((from + i) * length, (from + i + 1) * length), i * padded);
      }
      const part = this.compute(spaced, {cells, length, padded}, slot, idle && batch <= size);
      this.queue.add(part);
      const placed = part.then((answer) => vectors.set(answer, from * outputWidth));
      placed.catch(() => (failed = true));
      parts.push(placed);
    }
  }

  /** After a failure: what was reserved may not be there, so it is made anew, and for half as many sentences. */
  shrink(): void {
    this.part = Math.max(1, this.part >> 1);
    this.capacity = {cells: 0, padded: 0};
  }

  /** Makes room for so many sentences of so many rows, once no part needs the room that there was; buffers only grow. */
  private async reserve(cells: number, padded: number): Promise<void> {
    const {capacity, device, buffers, model} = this;
    if (cells <= capacity.cells && padded <= capacity.padded) return;
    await this.queue.drained();
    this.capacity = {cells: Math.max(cells, capacity.cells), padded: Math.max(padded, capacity.padded)};
    const make = (size: number, bits: number) => device.createBuffer({size: Math.ceil(size / 16) * 16, usage: bits});
    for (const [name, size] of encoderBuffers(model, this.arithmetic, this.capacity)) {
      buffers.get(name)?.destroy();
      buffers.set(name, make(size, usage.storage));
    }
    for (const slot of this.slots) for (const buffer of Object.values(slot) as GPUBuffer[]) buffer.destroy();
    const answer = 4 * this.capacity.cells * model.outputWidth;
    this.slots = Array.from({length: mostAhead}, () => ({
      call: make(16, usage.uniform | usage.copyTo),
      rows: make(4 * this.capacity.cells * this.capacity.padded, usage.storage | usage.copyTo),
      unit: make(answer, usage.storage | usage.copyFrom),
      answer: make(answer, usage.read | usage.copyTo)
    }));
    for (const plan of this.plans) if (plan !== undefined) plan.groups = [];
  }

  private async planFor(rows: number): Promise<Plan> {
    const many = areMany(rows);
    let plan = this.plans[Number(many)];
    if (plan === undefined) {
      const steps = encoderSteps(this.model, this.arithmetic, many);
      const pipelines = await Promise.all(steps.map(({kernel}) => this.pipeline(kernel)));
      plan = this.plans[Number(many)] ??= {steps, pipelines, groups: []};
    }
    const {steps, pipelines} = plan;
    if (plan.groups.length === 0) {
      plan.groups = this.slots.map((slot) => steps.map((step, i) => this.bind(step, pipelines[i], slot)));
    }
    return plan;
  }

  private bind({bindings}: Step, pipeline: GPUComputePipeline, slot: Slot): GPUBindGroup {
    const entries = bindings.flatMap((name, binding) => {
      if (name === null) return [];
      const buffer = name in slot ? slot[name as keyof Slot] : this.buffers.get(name);
      if (buffer === undefined) throw new Error(`no buffer ${name}`);
      return [{binding, resource: {buffer}}];
    });
    return this.device.createBindGroup({layout: pipeline.getBindGroupLayout(0), entries});
  }

  /** One part in one submission; its vectors when they are read back. Where others follow, nothing is gained by hearing of it at once. */
  private async compute(
    rows: Uint32Array<ArrayBuffer>,
    shape: CallShape,
    which: number,
    alone: boolean
  ): Promise<Float32Array> {
    const {device, model} = this;
    const {cells, length, padded} = shape;
    const plan = await this.planFor(cells * padded);
    const slot = this.slots[which];
    device.queue.writeBuffer(slot.rows, 0, rows);
    device.queue.writeBuffer(slot.call, 0, Uint32Array.of(cells, length, padded, model.maxLength - 1));
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
    const answer = slot.answer.mapAsync(mapForReading, 0, bytes);
    if (alone) await promptAnswer(answer, () => void device.queue.onSubmittedWorkDone().catch(() => {}));
    else await answer;
    const vectors = new Float32Array(slot.answer.getMappedRange(0, bytes).slice(0));
    slot.answer.unmap();
    return vectors;
  }
}

type PipelineMaker = (kernel: Pick<Kernel, "code">) => Promise<GPUComputePipeline>;

/** A device that takes weights; their buffers stand in `buffers` by name. */
function deviceSink(device: GPUDevice, pipeline: PipelineMaker, buffers: Map<string, GPUBuffer>): WeightSink {
  let waiting: GPUBuffer[] = [];
  const bufferOf = ({name, size, bytes}: WeightBuffer): GPUBuffer => {
    const made = buffers.get(name) ?? device.createBuffer({size: size * bytes, usage: usage.storage | usage.copyTo});
    buffers.set(name, made);
    return made;
  };
  const stage = (source: Uint8Array<ArrayBuffer>, bits: number): GPUBuffer => {
    const buffer = device.createBuffer({size: source.byteLength, usage: bits | usage.copyTo});
    device.queue.writeBuffer(buffer, 0, source);
    waiting.push(buffer);
    return buffer;
  };
  return {
    write: (buffer, at, values) => device.queue.writeBuffer(bufferOf(buffer), 4 * at, values),
    async run(kernel, {shape, sources, buffer, groups}) {
      const made = await pipeline(kernel);
      const uniform = stage(new Uint8Array(Uint32Array.from(shape).buffer), usage.uniform);
      const bound = [uniform, ...sources.map((source) => stage(source, usage.storage)), bufferOf(buffer)];
      const entries = bound.map((one, binding) => ({binding, resource: {buffer: one}}));
      const group = device.createBindGroup({layout: made.getBindGroupLayout(0), entries});
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(made);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...groups);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    async settle() {
      await device.queue.onSubmittedWorkDone();
      for (const buffer of waiting) buffer.destroy();
      waiting = [];
    }
  };
}

async function makePipeline(device: GPUDevice, code: string): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({code});
  return await device.createComputePipelineAsync({layout: "auto", compute: {module, entryPoint: "main"}});
}
