import type {OutputBlock} from "../model/bundle.js";
import {finishCode} from "./activation.js";
import {type CallShape, type Kernel} from "./kernel.js";
import {sumCode} from "./normalize-rows.js";

/**
 * What follows a product behind the last layer, one row a sentence: LayerNorm and GELU as `finish` says, and for the last block x / max(||x||, 1e-12).
 * Bindings: 1 x, 2 gain, 3 shift (both absent for "none"), 4 result.
 */
export function finishBlock(width: number, epsilon: number, finish: OutputBlock["finish"], isLast: boolean): Kernel {
  const per = Math.ceil(width / 64);
  const each = (body: string) => `for (var n = 0u; n < ${per}u; n++) {
    let i = t + n * 64u;
    if (i < ${width}u) { ${body} }
  }`;
  const isNormed = finish !== "none";
  const normed = "v[n] * factor * gain[i] + shift[i]";
  const active = finish === "norm-gelu" ? `finish(vec4<f32>(v[n] * factor * gain[i]), vec4<f32>(shift[i])).x` : normed;
  const code = `
@group(0) @binding(1) var<storage, read> x: array<f32>;
${
  isNormed
    ? `@group(0) @binding(2) var<storage, read> gain: array<f32>;
@group(0) @binding(3) var<storage, read> shift: array<f32>;`
    : ""
}
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
${finish === "norm-gelu" ? finishCode("gelu") : ""}
${sumCode}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let source = wg.x * ${width}u;
  var v: array<f32, ${per}>;
  var sum = 0.0;
  ${each("v[n] = x[source + i]; sum += v[n];")}
  ${
    isNormed
      ? `let mean = total(sum, t) / ${width}.0;
  sum = 0.0;
  ${each("v[n] -= mean; sum += v[n] * v[n];")}
  let factor = inverseSqrt(total(sum, t) / ${width}.0 + ${epsilon});
  ${each(`v[n] = ${active};`)}`
      : ""
  }
  ${
    isLast
      ? `sum = 0.0;
  ${each("sum += v[n] * v[n];")}
  let length = max(sqrt(total(sum, t)), 1e-12);
  ${each("result[source + i] = v[n] / length;")}`
      : each("result[source + i] = v[n];")
  }
}
`;
  return {code, groups: ({cells}: CallShape) => [cells, 1, 1]};
}
