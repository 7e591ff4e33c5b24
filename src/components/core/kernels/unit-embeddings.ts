import {type CallShape, type Kernel} from "./kernel.js";
import {sumCode} from "./normalize-rows.js";

/** LayerNorm and then x / max(||x||, 1e-12) of one row a sentence. Bindings: 1 x, 2 gain, 3 shift, 4 unit vectors. */
export function unitEmbeddings(width: number, epsilon: number): Kernel {
  const per = Math.ceil(width / 64);
  const each = (body: string) => `for (var n = 0u; n < ${per}u; n++) {
    let i = t + n * 64u;
    if (i < ${width}u) { ${body} }
  }`;
  const code = `
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> gain: array<f32>;
@group(0) @binding(3) var<storage, read> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> unit: array<f32>;
${sumCode}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let source = wg.x * ${width}u;
  var v: array<f32, ${per}>;
  var sum = 0.0;
  ${each("v[n] = x[source + i]; sum += v[n];")}
  let mean = total(sum, t) / ${width}.0;
  sum = 0.0;
  ${each("v[n] -= mean; sum += v[n] * v[n];")}
  let factor = inverseSqrt(total(sum, t) / ${width}.0 + ${epsilon});
  sum = 0.0;
  ${each("v[n] = v[n] * factor * gain[i] + shift[i]; sum += v[n] * v[n];")}
  let length = max(sqrt(total(sum, t)), 1e-12);
  ${each("unit[source + i] = v[n] / length;")}
}
`;
  return {code, groups: ({cells}: CallShape) => [cells, 1, 1]};
}
