import {callBinding, enables, numberType, type Arithmetic, type CallShape, type Kernel} from "./kernel.js";

/**
 * The input of the first layer: table row plus position, as float32 stream and as numbers for products. Bindings: 0 call, 1 rows of the table (u32, cells x
 * padded), 2 table, 3 positions (float32; `most` of the call is their last row), 4 stream, 5 numbers (absent in float32).
 */
export function embedRows(arithmetic: Arithmetic, width: number): Kernel {
  const type = numberType(arithmetic);
  const both = type === "f16";
  const code = `${enables(both ? "fp16" : "fp32")}${callBinding}
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> positions: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> stream: array<vec4<f32>>;
${both ? "@group(0) @binding(5) var<storage, read_write> numbers: array<vec4<f16>>;" : ""}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = group.y * call.padded + group.x;
  let source = rows[row] * ${width / 4}u;
  let place = min(group.x, call.most) * ${width / 4}u;
  for (var i = t; i < ${width / 4}u; i += 64u) {
    let x = table[source + i] + positions[place + i];
    stream[row * ${width / 4}u + i] = x;
    ${both ? `numbers[row * ${width / 4}u + i] = vec4<f16>(x);` : ""}
  }
}
`;
  return {code, groups: ({cells, padded}: CallShape) => [padded, cells, 1]};
}
