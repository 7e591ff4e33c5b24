import type {Kernel} from "./kernel.js";

const [threads, groups] = [256, 1024];

/** Float32 to float16, rounded to nearest, in vectors of four. Bindings: 0 float32 numbers, 1 float16 numbers. */
export function narrowNumbers(): Kernel {
  const code = `enable f16;
@group(0) @binding(0) var<storage, read> wide: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> narrow: array<vec4<f16>>;
@compute @workgroup_size(${threads})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < arrayLength(&wide); i += ${threads * groups}u) { narrow[i] = vec4<f16>(wide[i]); }
}
`;
  return {code, groups: () => [groups, 1, 1]};
}
