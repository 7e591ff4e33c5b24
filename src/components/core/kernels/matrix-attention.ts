import {callBinding, enables, unroll, type CallShape, type Kernel} from "./kernel.js";
import {lanes, packCode, putHalves} from "./matrix-product.js";
import type {AttentionShape} from "./plain-attention.js";

/** How a workgroup divides the work: `subgroups` with `rows` times 16 queries each; `keys` keys a block. */
export interface MatrixAttentionTile {
  subgroups: number;
  rows: number;
  keys: number;
}

/** Scores may exceed the maximum that they are taken relative to by this much (in powers of two) before the sums are made anew relative to another. */
const slack = 8;

/**
 * Attention as `plainAttention`, by matrix units: scores and weighted values are products of 16 x 16 fragments, float16 in and float32 sums. Scores go through
 * workgroup memory, two lanes a row of queries. Fragments cannot be scaled by rows in place, so the running maximum stays until a score exceeds it by 2^8 (the
 * weights, up to 2^8, still fit float16); then, rarely, sums go through memory too. Head sizes: multiples of 16.
 */
export function matrixAttention({width, heads}: AttentionShape, tile: MatrixAttentionTile): Kernel {
  const {subgroups: W, rows: R, keys} = tile;
  const size = width / heads;
  const threads = lanes * W;
  const [N, D] = [keys / 16, size / 16];
  const [strideK, strideS, strideP] = [size + 8, keys + 8, keys + 8];
  const strideO = size + 8;
  const scale = Math.LOG2E / Math.sqrt(size);
  const per = (keys * size) / 8 / threads;
  const u = (n: number) => `(t + ${n * threads}u)`;
  const from = (n: number, block: string) =>
    `((first + min(${block} + ${u(n)} / ${size / 8}u, call.padded - 1u)) * ${3 * width}u + head) / 8u + ${u(n)} % ${size / 8}u`;
  const fetch = (word: string, block: string) =>
    unroll(
      per,
      (n) =>
        `    ${word} fk${n} = qkv[${from(n, block)} + ${width / 8}u]; ${word} fv${n} = qkv[${from(n, block)} + ${width / 4}u];`
    );
  const at = (n: number) => `(${u(n)} / ${size / 8}u) * ${strideK}u + (${u(n)} % ${size / 8}u) * 8u`;
  const store = unroll(per, (n) => `${putHalves("tk", at(n), `fk${n}`)}\n${putHalves("tv", at(n), `fv${n}`)}`);
  const load = (kind: string, array: string, offset: number, turned: boolean, stride: number) =>
    `subgroupMatrixLoad<subgroup_matrix_${kind}<${kind === "result" ? "f32" : "f16"}, 16, 16>>(&${array}, ${offset}u, ${turned}, ${stride}u)`;
  const queries = unroll(R, (r) =>
    [
      unroll(size / 16, (n) => {
        const u = `(lane + ${n * lanes}u)`;
        const row = `(first + query + ${r * 16}u + ${u} / ${size / 8}u)`;
        const place = `(${u} / ${size / 8}u) * ${strideP}u + (${u} % ${size / 8}u) * 8u`;
        return `  let fq${r}_${n} = qkv[(${row} * ${3 * width}u + head) / 8u + ${u} % ${size / 8}u];\n${putHalves(`tp[sg * ${R}u + ${r}u]`, place, `fq${r}_${n}`)}`;
      })
    ].join("\n")
  );
  const code = `${enables("matrix")}${callBinding}
@group(0) @binding(1) var<storage, read> qkv: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> attended: array<vec4<u32>>;
var<workgroup> tk: array<f16, ${keys * strideK}>;
var<workgroup> tv: array<f16, ${keys * strideK}>;
var<workgroup> ts: array<array<f32, ${16 * Math.max(strideS, strideO)}>, ${W * R}>;
var<workgroup> tp: array<array<f16, ${16 * Math.max(strideP, strideK)}>, ${W * R}>;
var<workgroup> renew: u32;
${packCode}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let sg = t / ${lanes}u;
  let lane = t % ${lanes}u;
  let line = lane / 2u;
  let side = lane % 2u;
  let first = wg.z * call.padded;
  let head = wg.y * ${size}u;
  let query = min(wg.x * ${W * R * 16}u + sg * ${R * 16}u, call.padded - ${R * 16}u);
${queries}
  if (t == 0u) { renew = 0u; }
  workgroupBarrier();
${unroll(R, (r) => unroll(D, (d) => `  let q${r}_${d} = ${load("left", `tp[sg * ${R}u + ${r}u]`, d * 16, false, strideP)};\n  var o${r}_${d}: subgroup_matrix_result<f32, 16, 16>;`))}
${unroll(R, (r) => `  var most${r} = -1e30; var sum${r} = 0.0; var fade${r} = 1.0;`)}
${fetch("var", "0u")}
  for (var block = 0u; block < call.length; block += ${keys}u) {
${store}
    workgroupBarrier();
    let next = block + ${keys}u;
${fetch("", "next")}
${unroll(N, (n) =>
  [
    unroll(D, (d) => `    let k${n}_${d} = ${load("right", "tk", n * 16 * strideK + d * 16, true, strideK)};`),
    unroll(R, (r) => {
      const first = `var s${r}_${n} = subgroup_matrix_result<f32, 16, 16>();`;
      const sums = unroll(
        D,
        (d) => `    s${r}_${n} = subgroupMatrixMultiplyAccumulate(q${r}_${d}, k${n}_${d}, s${r}_${n});`
      );
      return `    ${first}\n${sums}\n    subgroupMatrixStore(&ts[sg * ${R}u + ${r}u], ${n * 16}u, s${r}_${n}, false, ${strideS}u);`;
    })
  ].join("\n")
)}
    workgroupBarrier();
${unroll(R, (r) => weightsCode(r, R, keys, strideS, strideP, scale))}
    if (workgroupUniformLoad(&renew) != 0u) {
${renewCode(R, D, size, strideO, load)}
    }
${unroll(N, (n) =>
  [
    unroll(R, (r) => `    let p${r}_${n} = ${load("left", `tp[sg * ${R}u + ${r}u]`, n * 16, false, strideP)};`),
    unroll(D, (d) => {
      const value = `    let v${n}_${d} = ${load("right", "tv", n * 16 * strideK + d * 16, false, strideK)};\n`;
      return (
        value +
        unroll(R, (r) => `    o${r}_${d} = subgroupMatrixMultiplyAccumulate(p${r}_${n}, v${n}_${d}, o${r}_${d});`)
      );
    })
  ].join("\n")
)}
    workgroupBarrier();
  }
${storeCode(R, D, size, width, strideO)}
}
`;
  return {code, groups: ({cells, padded}: CallShape) => [Math.ceil(padded / (W * R * 16)), heads, cells]};
}

/** Scores of sixteen queries to weights: a lane has every other vector of four of its row. */
function weightsCode(r: number, R: number, keys: number, strideS: number, strideP: number, scale: number): string {
  const count = keys / 8;
  const column = (j: number) => `(side * 4u + ${8 * j}u)`;
  const score = (j: number) =>
    `vec4<f32>(${[0, 1, 2, 3].map((e) => `ts[sg * ${R}u + ${r}u][line * ${strideS}u + ${column(j)} + ${e}u]`).join(", ")})`;
  const places = (j: number) => `vec4<u32>(block + ${column(j)}) + vec4<u32>(0u, 1u, 2u, 3u)`;
  const tops = Array.from({length: count}, (_, j) => `x${j}`).reduce((a, b) => `max(${a}, ${b})`);
  return `    {
${unroll(count, (j) => `      var x${j} = ${score(j)} * ${scale};`)}
      if (block + ${keys}u > call.length) {
${unroll(count, (j) => `        x${j} = select(x${j}, vec4<f32>(-1e30), ${places(j)} >= vec4<u32>(call.length));`)}
      }
      let tops = ${tops};
      var top = max(max(tops.x, tops.y), max(tops.z, tops.w));
      top = max(top, subgroupShuffleXor(top, 1u));
      fade${r} = 1.0;
      if (top > most${r} + ${slack}.0) {
        fade${r} = exp2(most${r} - top);
        most${r} = top;
        if (block > 0u) { renew = 1u; }
      }
${unroll(count, (j) => `      let e${j} = exp2(x${j} - most${r});`)}
      let sums = ${Array.from({length: count}, (_, j) => `e${j}`).join(" + ")};
      sum${r} = sum${r} * fade${r} + sums.x + sums.y + sums.z + sums.w;
${unroll(count, (j) => {
  const put = [0, 1, 2, 3]
    .map((e) => `tp[sg * ${R}u + ${r}u][line * ${strideP}u + ${column(j)} + ${e}u] = h${j}.${"xyzw"[e]};`)
    .join(" ");
  return `      let h${j} = vec4<f16>(e${j}); ${put}`;
})}
    }`;
}

/** Sums relative to a new maximum: out to memory, each row times its factor, and in again. */
function renewCode(
  R: number,
  D: number,
  size: number,
  stride: number,
  load: (...of: [string, string, number, boolean, number]) => string
): string {
  const place = (i: number) => `line * ${stride}u + side * ${size / 2}u + ${i}u`;
  return `      if (t == 0u) { renew = 0u; }
${unroll(R, (r) => unroll(D, (d) => `      subgroupMatrixStore(&ts[sg * ${R}u + ${r}u], ${d * 16}u, o${r}_${d}, false, ${stride}u);`))}
      workgroupBarrier();
${unroll(R, (r) => unroll(size / 2, (i) => `      ts[sg * ${R}u + ${r}u][${place(i)}] *= fade${r};`))}
      workgroupBarrier();
${unroll(R, (r) => unroll(D, (d) => `      o${r}_${d} = ${load("result", `ts[sg * ${R}u + ${r}u]`, d * 16, false, stride)};`))}`;
}

/** Sums divided by the sum of their weights, as rows of halves. */
function storeCode(R: number, D: number, size: number, width: number, stride: number): string {
  const place = (i: number) => `line * ${stride}u + side * ${size / 2}u + ${i}u`;
  const four = (r: number, i: number) =>
    `vec4<f32>(${[0, 1, 2, 3].map((e) => `ts[sg * ${R}u + ${r}u][${place(i + e)}]`).join(", ")})`;
  return `${unroll(R, (r) => unroll(D, (d) => `  subgroupMatrixStore(&ts[sg * ${R}u + ${r}u], ${d * 16}u, o${r}_${d}, false, ${stride}u);`))}
  workgroupBarrier();
${unroll(
  R,
  (r) => `  let whole${r} = 1.0 / (sum${r} + subgroupShuffleXor(sum${r}, 1u));
${unroll(size / 16, (i) => `  attended[((first + query + ${r * 16}u + line) * ${width}u + head + side * ${size / 2}u) / 8u + ${i}u] = pack(${four(r, i * 8)} * whole${r}, ${four(r, i * 8 + 4)} * whole${r});`)}`
)}`;
}
