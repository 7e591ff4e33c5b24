import {callBinding, enables, numberType, unroll, type Arithmetic, type CallShape, type Kernel} from "./kernel.js";

/** Sizes of attention that do not change from call to call. */
export interface AttentionShape {
  width: number;
  heads: number;
}

/** How a workgroup divides the work: `threads` threads with `queries` queries each; `keys` keys are staged, `group` of them scored together. */
export interface PlainAttentionTile {
  threads: number;
  queries: number;
  keys: number;
  group: number;
}

/**
 * softmax(Q K^T / sqrt(head size)) V for all rows, with the online softmax of Milakov and Gimelshein (2018): no score is stored. Bindings: 0 call, 1 rows of
 * queries, keys and values side by side (3 x width), 2 the attended rows (width). A thread holds whole queries and their sums in registers; keys and values come
 * through workgroup memory. The head size must be a multiple of 4.
 */
export function plainAttention(
  arithmetic: Arithmetic,
  {width, heads}: AttentionShape,
  tile: PlainAttentionTile
): Kernel {
  const type = numberType(arithmetic);
  const {threads, queries, keys, group} = tile;
  const size = width / heads;
  const parts = size / 4;
  const vectors = keys * parts;
  const per = vectors / threads;
  const scale = Math.LOG2E / Math.sqrt(size);
  const each = (code: (q: number) => string) => unroll(queries, code);
  const half = type === "f16";
  const score = (q: number, g: number) =>
    `      var d${q}_${g} = q${q}_0 * k0; ${Array.from({length: parts - 1}, (_, i) => `d${q}_${g} = fma(q${q}_${i + 1}, k${i + 1}, d${q}_${g});`).join(" ")}
      var s${q}_${g} = f32(d${q}_${g}.x) + f32(d${q}_${g}.y) + f32(d${q}_${g}.z) + f32(d${q}_${g}.w);
      if (key + ${g}u >= call.length) { s${q}_${g} = -1e30; }`;
  const all = Array.from({length: group}, (_, g) => g);
  const code = `${enables(half ? "fp16" : "fp32")}${callBinding}
@group(0) @binding(1) var<storage, read> qkv: array<vec4<${type}>>;
@group(0) @binding(2) var<storage, read_write> attended: array<vec4<${type}>>;
var<workgroup> tk: array<array<vec4<${type}>, ${parts}>, ${keys}>;
var<workgroup> tv: array<array<vec4<${type}>, ${parts}>, ${keys}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let first = wg.z * call.padded;
  let head = wg.y * ${parts}u;
${each(
  (q) => `  let row${q} = first + min(wg.x * ${threads * queries}u + ${q * threads}u + t, call.padded - 1u);
${unroll(parts, (i) => `  let q${q}_${i} = qkv[row${q} * ${(3 * width) / 4}u + head + ${i}u] * ${type}(${half ? 1 : scale}); var o${q}_${i} = vec4<f32>();`)}
  var most${q} = -1e30; var sum${q} = 0.0;`
)}
  for (var block = 0u; block < call.length; block += ${keys}u) {
${unroll(per, (n) => {
  const u = `(t + ${n * threads}u)`;
  const from = `(first + min(block + ${u} / ${parts}u, call.padded - 1u)) * ${(3 * width) / 4}u + head + ${u} % ${parts}u`;
  return `    tk[${u} / ${parts}u][${u} % ${parts}u] = qkv[${from} + ${width / 4}u]; tv[${u} / ${parts}u][${u} % ${parts}u] = qkv[${from} + ${width / 2}u];`;
})}
    workgroupBarrier();
    for (var step = 0u; step < ${keys / group}u; step++) {
      let key = block + step * ${group}u;
${unroll(
  group,
  (g) => `      ${unroll(queries, (q) => `var s${q}_${g}: f32;`)}
      {
${unroll(parts, (i) => `      let k${i} = tk[step * ${group}u + ${g}u][${i}];`)}
${each((q) => score(q, g).replace(`var s${q}_${g} =`, `s${q}_${g} =`))}
      }`
)}
${each(
  (q) => `      let top${q} = ${all.map((g) => `s${q}_${g}`).reduce((a, b) => `max(${a}, ${b})`, `most${q}`)};
      let fade${q} = exp2((most${q} - top${q})${half ? ` * ${scale}` : ""}); most${q} = top${q}; sum${q} *= fade${q};
${unroll(group, (g) => `      let p${q}_${g} = exp2((s${q}_${g} - top${q})${half ? ` * ${scale}` : ""}); sum${q} += p${q}_${g};`)}
${half ? unroll(parts, (i) => `      var h${q}_${i} = vec4<f16>();`) : unroll(parts, (i) => `      o${q}_${i} *= fade${q};`)}`
)}
${unroll(
  group,
  (g) => `      {
${unroll(parts, (i) => `      let v${i} = tv[step * ${group}u + ${g}u][${i}];`)}
${each((q) => {
  const sums = half ? "h" : "o";
  return unroll(
    parts,
    (i) => `      ${sums}${q}_${i} = fma(vec4<${type}>(${type}(p${q}_${g})), v${i}, ${sums}${q}_${i});`
  );
})}
      }`
)}
${half ? each((q) => unroll(parts, (i) => `      o${q}_${i} = fma(o${q}_${i}, vec4<f32>(fade${q}), vec4<f32>(h${q}_${i}));`)) : ""}
    }
    workgroupBarrier();
  }
${each((q) => unroll(parts, (i) => `  attended[row${q} * ${width / 4}u + head + ${i}u] = vec4<${type}>(o${q}_${i} / sum${q});`))}
}
`;
  return {code, groups: ({cells, padded}: CallShape) => [Math.ceil(padded / (threads * queries)), heads, cells]};
}
