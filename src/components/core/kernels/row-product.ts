import {finishCode} from "./activation.js";
import {callBinding, enables, numberType, type Arithmetic, type CallShape, type Kernel} from "./kernel.js";
import type {ProductShape} from "./plain-product.js";

const [across, slices] = [32, 8];
/** Numbers of a row that are staged at a time: all devices have 16 KiB of workgroup memory. */
const staged = 2560;

/**
 * y = finish(x W + bias) for one row a sentence, in float32 but for the stored weights. Bindings: 0 call (if `spaced`), 1 x (its row is the sentence's first of the
 * stream if `spaced`), 2 W (inner x columns, the arithmetic's type), 3 bias (absent for "none"), 4 y. `columns` must be a multiple of 32, `inner` of 64 (of 8 up to 2,560).
 */
export function rowProduct(
  arithmetic: Arithmetic,
  {inner, columns, epilogue}: Omit<ProductShape, "output">,
  spaced = false
): Kernel {
  const type = numberType(arithmetic);
  const piece = inner / Math.ceil(inner / staged);
  const code = `${enables(type === "f16" ? "fp16" : "fp32")}${spaced ? callBinding : ""}
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<${type}>;
${epilogue === "none" ? "" : "@group(0) @binding(3) var<storage, read> bias: array<f32>;"}
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
var<workgroup> row: array<f32, ${piece}>;
var<workgroup> sums: array<array<f32, ${across}>, ${slices}>;
${finishCode(epilogue)}
@compute @workgroup_size(${across}, ${slices})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_id) at: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let source = wg.y * ${spaced ? "call.padded" : "1u"} * ${inner}u;
  let column = wg.x * ${across}u + at.x;
  var sum = 0.0;
  for (var begin = 0u; begin < ${inner}u; begin += ${piece}u) {
    workgroupBarrier();
    for (var i = t; i < ${piece}u; i += ${across * slices}u) { row[i] = x[source + begin + i]; }
    workgroupBarrier();
    for (var k = 0u; k < ${piece / slices}u; k++) {
      let i = k * ${slices}u + at.y;
      sum += row[i] * f32(w[(begin + i) * ${columns}u + column]);
    }
  }
  sums[at.y][at.x] = sum;
  workgroupBarrier();
  if (at.y == 0u) {
    for (var i = 1u; i < ${slices}u; i++) { sum += sums[i][at.x]; }
    y[wg.y * ${columns}u + column] = ${epilogue === "none" ? "sum" : "finish(vec4<f32>(sum), vec4<f32>(bias[column])).x"};
  }
}
`;
  return {code, groups: ({cells}: CallShape) => [columns / across, cells, 1]};
}
