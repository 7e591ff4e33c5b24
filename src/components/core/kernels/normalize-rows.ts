import {callBinding, enables, numberType, unroll, type Arithmetic, type CallShape, type Kernel} from "./kernel.js";

/** Which rows are normalized: all of a layer, or the first of each sentence. */
export type RowChoice = "all" | "cls";

const threads = 64;

/**
 * LayerNorm(product + bias + stream) with gain and shift, in float32, two passes over registers. For "all" rows the result becomes the stream, and numbers for
 * products, and the product may come as `splits` rows whose sum it is. For "cls" product and result have a row a sentence, and the stream's row is the sentence's first if `spaced`. Bindings: 0 call (unless rows of "cls" are not `spaced`), 1 product, 2 bias,
 * 3 gain, 4 shift, 5 stream (of "cls": read only), 6 result (of "all": numbers, absent in float32).
 */
export function normalizeRows(
  arithmetic: Arithmetic,
  width: number,
  epsilon: number,
  choice: RowChoice,
  {spaced = false, splits = 1}: {spaced?: boolean; splits?: number} = {}
): Kernel {
  const both = choice === "all" && numberType(arithmetic) === "f16";
  const per = Math.ceil(width / 4 / threads);
  const all = choice === "all";
  const code = `${enables(both ? "fp16" : "fp32")}${all || spaced ? callBinding : ""}
@group(0) @binding(1) var<storage, read> product: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> shift: array<vec4<f32>>;
@group(0) @binding(5) var<storage, ${all ? "read_write" : "read"}> stream: array<vec4<f32>>;
${both ? "@group(0) @binding(6) var<storage, read_write> numbers: array<vec4<f16>>;" : ""}
${all ? "" : "@group(0) @binding(6) var<storage, read_write> result: array<vec4<f32>>;"}
${sumCode}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = group.y * ${all ? "call.padded" : "1u"} + group.x;
  let source = ${all ? "row" : spaced ? "row * call.padded" : "row"} * ${width / 4}u;
  let to = row * ${width / 4}u;
  var x: array<vec4<f32>, ${per}>;
  var sum = 0.0;
  for (var n = 0u; n < ${per}u; n++) {
    let i = t + n * ${threads}u;
    if (i < ${width / 4}u) {
      x[n] = ${unroll(splits, (part) => `product[to * ${splits}u + ${(part * width) / 4}u + i] +`)} bias[i] + stream[source + i];
      sum += dot(x[n], vec4<f32>(1.0));
    }
  }
  let mean = total(sum, t) / ${width}.0;
  sum = 0.0;
  for (var n = 0u; n < ${per}u; n++) {
    if (t + n * ${threads}u < ${width / 4}u) {
      x[n] -= vec4<f32>(mean);
      sum += dot(x[n], x[n]);
    }
  }
  let factor = inverseSqrt(total(sum, t) / ${width}.0 + ${epsilon});
  for (var n = 0u; n < ${per}u; n++) {
    let i = t + n * ${threads}u;
    if (i < ${width / 4}u) {
      let y = x[n] * factor * gain[i] + shift[i];
      ${all ? "stream" : "result"}[to + i] = y;
      ${both ? "numbers[to + i] = vec4<f16>(y);" : ""}
    }
  }
}
`;
  return {code, groups: ({cells, padded}: CallShape) => (all ? [padded, cells, 1] : [1, cells, 1])};
}

/** WGSL of the sum over a workgroup of 64 threads, the same for each of them. */
export const sumCode = `var<workgroup> sums: array<f32, ${threads}>;
fn total(value: f32, t: u32) -> f32 {
  workgroupBarrier();
  sums[t] = value;
  for (var step = ${threads / 2}u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { sums[t] += sums[t + step]; }
  }
  workgroupBarrier();
  return sums[0];
}
`;
