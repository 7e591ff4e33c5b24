import {
  lanes,
  loadFragment,
  multiplyAdd,
  gap,
  packCode,
  putHalves,
  side,
  storeFragment,
  zeroSums
} from "./fragments.js";
import {callBinding, enables, unroll, type CallShape, type Kernel} from "./kernel.js";
import type {AttentionShape} from "./plain-attention.js";

/** How a workgroup divides the work: `subgroups` with 16 queries each; `keys` keys a block, a multiple of 32 that divides 64. */
export interface MatrixAttentionTile {
  subgroups: number;
  keys: number;
}

/** Scores may exceed what the weights of their row are relative to by this much (in powers of two) before the sums are made anew. */
const slack = 8;

/** Names and sizes that the parts of the kernel share. */
interface Parts {
  keys: number;
  /** Fragments of keys and of the head's dimensions. */
  N: number;
  D: number;
  width: number;
  size: number;
  strideS: number;
  strideP: number;
  strideO: number;
  /** Rows that the lanes of a subgroup have at a time, and steps until they had all sixteen. */
  laneRows: number;
  steps: number;
}

/**
 * Attention as `plainAttention`, by matrix units: scores and weighted values are products of fragments, float16 in and float32 sums (the flash attention of Dao et
 * al., 2022). Scores go through workgroup memory. Fragments cannot be scaled by rows in place, so what the weights of a row are relative to is the maximum of its
 * first block, until a score exceeds it by 2^8 (weights, up to 2^8, still fit float16); then, rarely, sums go through memory too and are made relative to the
 * new maximum. All of workgroup memory comes in multiples of 16 bytes: fragments must be aligned so. Bindings: 0 call, 1 and 3 rows of queries, keys and values, 2 attended rows. Head sizes: multiples of 16.
 */
export function matrixAttention({width, heads}: AttentionShape, {subgroups: W, keys}: MatrixAttentionTile): Kernel {
  const size = width / heads;
  const [N, D] = [keys / side, size / side];
  const laneRows = (4 * lanes) / keys;
  const strides = {strideS: keys + gap, strideP: keys + gap, strideO: size + gap};
  const parts: Parts = {keys, N, D, width, size, ...strides, laneRows, steps: side / laneRows};
  const each = (line: (n: number, d: number) => string) => unroll(N, (n) => unroll(D, (d) => line(n, d)));
  const stride = size + gap;
  const threads = lanes * W;
  const across = size / 8;
  const step = threads / across;
  const count = keys / step;
  const fetch = (word: string) =>
    unroll(count, (n) => {
      const at = `place + ${(n * step * 3 * width) / 8}u`;
      return `    ${word} fk${n} = qkv[${at} + ${width / 8}u]; ${word} fv${n} = qkv[${at} + ${width / 4}u];`;
    });
  const store = unroll(count, (n) => {
    const at = `(t / ${across}u + ${n * step}u) * ${stride}u + t % ${across}u * 8u`;
    return `${putHalves("tk", at, `fk${n}`)}\n${putHalves("tv", at, `fv${n}`)}`;
  });
  const query = (d: number) => loadFragment("left", "rows", `query * ${3 * width}u + head + ${d * side}u`, 3 * width);
  const key = (n: number, d: number) =>
    loadFragment("right", "tk", n * side * stride + d * side, stride, {turned: true});
  const value = (n: number, d: number) => loadFragment("right", "tv", n * side * stride + d * side, stride);
  const code = `${enables("matrix")}${callBinding}
@group(0) @binding(1) var<storage, read> qkv: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> attended: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> rows: array<f16>;
var<workgroup> tk: array<f16, ${keys * stride}>;
var<workgroup> tv: array<f16, ${keys * stride}>;
var<workgroup> scores: array<array<f32, ${side * Math.max(parts.strideS, parts.strideO)}>, ${W}>;
var<workgroup> weights: array<array<f16, ${side * parts.strideP}>, ${W}>;
var<workgroup> fades: array<array<f32, ${side}>, ${W}>;
var<workgroup> renew: vec4<u32>;
${packCode}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let sg = t / ${lanes}u;
  let lane = t % ${lanes}u;
  let first = wg.z * call.padded;
  let head = wg.y * ${size}u;
  let query = first + min(wg.x * ${W * side}u + sg * ${side}u, call.padded - ${side}u);
${unroll(D, (d) => `  let q${d} = ${query(d)};\n  var o${d} = ${zeroSums};`)}
${unroll(parts.steps, (i) => `  var base${i} = 0.0; var sum${i} = 0.0;`)}
  if (lane < ${side}u) { fades[sg][min(lane, ${side - 1}u)] = 1.0; }
  if (t == 0u) { renew = vec4<u32>(0u); }
  var place = ((first + t / ${across}u) * ${3 * width}u + head) / 8u + t % ${across}u;
${fetch("var")}
  for (var block = 0u; block < call.length; block += ${keys}u) {
${store}
    workgroupBarrier();
    if (block + ${keys}u < call.length) {
      place += ${(keys * 3 * width) / 8}u;
${fetch("")}
    }
${unroll(N, (n) => `    var s${n} = ${zeroSums};`)}
${each((n, d) => `    ${multiplyAdd(`s${n}`, `q${d}`, key(n, d))}`)}
${unroll(N, (n) => `    ${storeFragment("scores[sg]", n * side, `s${n}`, parts.strideS)}`)}
    workgroupBarrier();
${weightsCode(parts)}
    if (workgroupUniformLoad(&renew).x != 0u) {
${renewCode(parts)}
    }
${unroll(N, (n) => `    let p${n} = ${loadFragment("left", "weights[sg]", n * side, parts.strideP)};`)}
${each((n, d) => `    ${multiplyAdd(`o${d}`, `p${n}`, value(n, d))}`)}
    workgroupBarrier();
  }
${storeCode(parts)}
}
`;
  return {code, groups: ({cells, padded}: CallShape) => [Math.ceil(padded / (W * side)), heads, cells]};
}

/**
 * Scores of sixteen queries to weights. A lane has four neighboring keys of every so many rows; maxima of rows are looked for only in the first block and where a
 * score exceeds what the row's weights are relative to.
 */
function weightsCode({keys, size, strideS, strideP, steps, laneRows}: Parts): string {
  const scale = Math.LOG2E / Math.sqrt(size);
  const perRow = keys / 4;
  const at = (stride: number, i: number, e: number) =>
    `(lane / ${perRow}u) * ${stride}u + lane % ${perRow}u * 4u + ${i * laneRows * stride + e}u`;
  const score = (i: number) => `vec4<f32>(${[0, 1, 2, 3].map((e) => `scores[sg][${at(strideS, i, e)}]`).join(", ")})`;
  const highest = (x: string) => `max(max(${x}.x, ${x}.y), max(${x}.z, ${x}.w))`;
  const all = Array.from({length: steps}, (_, i) => `y${i}`).reduce((a, b) => `max(${a}, ${b})`);
  const masks = Array.from({length: Math.log2(perRow)}, (_, i) => 2 ** i);
  return `${unroll(steps, (i) => `    var y${i} = fma(${score(i)}, vec4<f32>(${scale}), vec4<f32>(-base${i}));`)}
    if (block + ${keys}u > call.length) {
      let beyond = vec4<u32>(block + lane % ${perRow}u * 4u) + vec4<u32>(0u, 1u, 2u, 3u) >= vec4<u32>(call.length);
${unroll(steps, (i) => `      y${i} = select(y${i}, vec4<f32>(-1e30), beyond);`)}
    }
    let peaks = ${all};
    if (block == 0u || subgroupAny(${highest("peaks")} > ${slack}.0)) {
${unroll(
  steps,
  (i) => `      {
        var top = ${highest(`y${i}`)};
${masks.map((mask) => `        top = max(top, subgroupShuffleXor(top, ${mask}u));`).join("\n")}
        let rise = select(0.0, top, block == 0u || top > ${slack}.0);
        let fade = select(exp2(-rise), 1.0, block == 0u);
        base${i} += rise;
        sum${i} *= fade;
        y${i} -= vec4<f32>(rise);
        if (lane % ${perRow}u == 0u) { fades[sg][lane / ${perRow}u + ${i * laneRows}u] = fade; }
      }`
)}
      if (lane == 0u && block > 0u) { renew = vec4<u32>(1u); }
    }
${unroll(steps, (i) => {
  const put = [0, 1, 2, 3].map((e) => `weights[sg][${at(strideP, i, e)}] = h${i}.${"xyzw"[e]};`).join(" ");
  return `    let e${i} = exp2(y${i}); sum${i} += e${i}.x + e${i}.y + e${i}.z + e${i}.w;
    let h${i} = vec4<f16>(e${i}); ${put}`;
})}`;
}

const linePlace = ({size, strideO}: Parts, i: number) =>
  `(lane / 2u) * ${strideO}u + (lane % 2u) * ${size / 2}u + ${i}u`;

/** Sums relative to a new maximum: out to memory, each row times its factor, and in again. */
function renewCode(parts: Parts): string {
  const {D, size, strideO} = parts;
  return `      if (t == 0u) { renew = vec4<u32>(0u); }
${unroll(D, (d) => `      ${storeFragment("scores[sg]", d * side, `o${d}`, strideO)}`)}
      workgroupBarrier();
${unroll(size / 2, (i) => `      scores[sg][${linePlace(parts, i)}] *= fades[sg][lane / 2u];`)}
      workgroupBarrier();
      if (lane < ${side}u) { fades[sg][min(lane, ${side - 1}u)] = 1.0; }
${unroll(D, (d) => `      o${d} = ${loadFragment("result", "scores[sg]", d * side, strideO, {number: "f32"})};`)}`;
}

/** Sums divided by the sum of their weights, as rows of halves. */
function storeCode(parts: Parts): string {
  const {D, keys, size, width, strideO, steps, laneRows} = parts;
  const perRow = keys / 4;
  const masks = Array.from({length: Math.log2(perRow)}, (_, i) => 2 ** i);
  const four = (i: number) =>
    `vec4<f32>(${[0, 1, 2, 3].map((e) => `scores[sg][${linePlace(parts, i + e)}]`).join(", ")})`;
  return `${unroll(D, (d) => `  ${storeFragment("scores[sg]", d * side, `o${d}`, strideO)}`)}
${unroll(
  steps,
  (i) => `  {
    var all = sum${i};
${masks.map((mask) => `    all += subgroupShuffleXor(all, ${mask}u);`).join("\n")}
    if (lane % ${perRow}u == 0u) { fades[sg][lane / ${perRow}u + ${i * laneRows}u] = 1.0 / all; }
  }`
)}
  workgroupBarrier();
  let whole = fades[sg][lane / 2u];
  let goal = ((query + lane / 2u) * ${width}u + head + (lane % 2u) * ${size / 2}u) / 8u;
${unroll(size / 16, (i) => `  attended[goal + ${i}u] = pack(${four(i * 8)} * whole, ${four(i * 8 + 4)} * whole);`)}`;
}
