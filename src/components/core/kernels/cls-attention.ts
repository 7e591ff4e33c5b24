import {callBinding, enables, numberType, unroll, type Arithmetic, type CallShape, type Kernel} from "./kernel.js";
import type {AttentionShape} from "./plain-attention.js";

/**
 * Attention of the last layer, whose only query is CLS. Bindings: 0 call, 1 queries (float32, a row a sentence), 2 rows of keys and values side by side (2 x
 * width), 3 the attended rows (float32, one a sentence). Scores of one head lie in workgroup memory: sentences of at most `longest` tokens.
 */
export function clsAttention(arithmetic: Arithmetic, {width, heads}: AttentionShape, longest: number): Kernel {
  const type = numberType(arithmetic);
  const size = width / heads;
  const threads = 256;
  const slices = threads / size;
  const code = `${enables(type === "f16" ? "fp16" : "fp32")}${callBinding}
@group(0) @binding(1) var<storage, read> queries: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> kv: array<vec4<${type}>>;
@group(0) @binding(3) var<storage, read_write> attended: array<f32>;
@group(0) @binding(4) var<storage, read> values: array<${type}>;
var<workgroup> scores: array<f32, ${longest}>;
var<workgroup> shared_: array<f32, ${threads}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let first = wg.y * call.padded;
  var most = -1e30;
  for (var key = t; key < call.length; key += ${threads}u) {
    var s = 0.0;
    for (var i = 0u; i < ${size / 4}u; i++) {
      s += dot(queries[wg.y * ${width / 4}u + wg.x * ${size / 4}u + i], vec4<f32>(kv[(first + key) * ${width / 2}u + wg.x * ${size / 4}u + i]));
    }
    scores[key] = s * ${Math.LOG2E / Math.sqrt(size)};
    most = max(most, scores[key]);
  }
  shared_[t] = most;
  for (var step = ${threads / 2}u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { shared_[t] = max(shared_[t], shared_[t + step]); }
  }
  workgroupBarrier();
  most = shared_[0];
  workgroupBarrier();
  let d = t % ${size}u;
  var sum = 0.0;
  var value = 0.0;
  // Four loads at a time: one alone waits for memory.
  var key = t / ${size}u;
  for (; key + ${3 * slices}u < call.length; key += ${4 * slices}u) {
${unroll(4, (i) => `    let p${i} = exp2(scores[key + ${i * slices}u] - most); let v${i} = f32(values[(first + key + ${i * slices}u) * ${2 * width}u + ${width}u + wg.x * ${size}u + d]);`)}
    sum += (p0 + p1) + (p2 + p3);
    value += (p0 * v0 + p1 * v1) + (p2 * v2 + p3 * v3);
  }
  for (; key < call.length; key += ${slices}u) {
    let p = exp2(scores[key] - most);
    sum += p;
    value += p * f32(values[(first + key) * ${2 * width}u + ${width}u + wg.x * ${size}u + d]);
  }
  shared_[t] = value;
  for (var step = ${threads / 2}u; step >= ${size}u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { shared_[t] += shared_[t + step]; }
  }
  workgroupBarrier();
  value = shared_[d];
  workgroupBarrier();
  shared_[t] = sum;
  for (var step = ${threads / 2}u; step >= ${size}u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { shared_[t] += shared_[t + step]; }
  }
  workgroupBarrier();
  if (t < ${size}u) { attended[wg.y * ${width}u + wg.x * ${size}u + t] = value / shared_[t]; }
}
`;
  return {code, groups: ({cells}: CallShape) => [heads, cells, 1]};
}
