import {finishCode} from "./activation.js";
import {enables, unroll, type CallShape, type Kernel} from "./kernel.js";
import type {ProductShape} from "./plain-product.js";

/** Tile of a workgroup: `down` x `across` subgroups, each with `rows` x `columns` fragments of 16 x 16. */
export interface MatrixTile {
  rows: number;
  columns: number;
  down: number;
  across: number;
  /** Numbers of the inner dimension that are staged at a time. */
  depth: number;
}

/** Halves between rows in workgroup memory that keep rows apart by banks. */
const gap = 8;
/** Lanes of a subgroup; devices with another number do not get these kernels. */
export const lanes = 32;

/**
 * C = finish(A B + bias) by matrix units: float16 in, float32 sums. Bindings and shapes as `plainProduct`. Every subgroup has staging arrays that it reads at
 * constant offsets, because a load whose bounds the compiler cannot prove is put into a branch of its own (docs/performance.md).
 */
export function matrixProduct(shape: ProductShape, tile: MatrixTile): Kernel {
  const {inner, columns, epilogue, output} = shape;
  const {rows: R, columns: S, down, across, depth} = tile;
  const threads = lanes * down * across;
  const [tall, wide] = [R * 16, S * 16];
  const [strideA, strideB, strideC] = [depth + gap, wide + gap, wide + 4];
  const [high, broad] = [tall * down, wide * across];
  const nA = (high * depth) / 8 / threads;
  const nB = (depth * broad) / 8 / threads;
  const u = (n: number) => `(t + ${n * threads}u)`;
  const fromA = (n: number, k: string) =>
    `a[((row + ${u(n)} / ${depth / 8}u) * ${inner}u + ${k}) / 8u + ${u(n)} % ${depth / 8}u]`;
  const fromB = (n: number, k: string) =>
    `b[((${k} + ${u(n)} / ${broad / 8}u) * ${columns}u + column) / 8u + ${u(n)} % ${broad / 8}u]`;
  const fetch = (word: string, k: string) =>
    [
      unroll(nA, (n) => `    ${word} pa${n} = ${fromA(n, k)};`),
      unroll(nB, (n) => `    ${word} pb${n} = ${fromB(n, k)};`)
    ].join("\n");
  const store = [
    unroll(nA, (n) => {
      const r = `(${u(n)} / ${depth / 8}u)`;
      return putHalves(
        `ta[${r} / ${tall}u]`,
        `(${r} % ${tall}u) * ${strideA}u + (${u(n)} % ${depth / 8}u) * 8u`,
        `pa${n}`
      );
    }),
    unroll(nB, (n) => {
      const v = `(${u(n)} % ${broad / 8}u)`;
      return putHalves(
        `tb[${v} / ${wide / 8}u]`,
        `(${u(n)} / ${broad / 8}u) * ${strideB}u + (${v} % ${wide / 8}u) * 8u`,
        `pb${n}`
      );
    })
  ].join("\n");
  const left = (i: number, k: number) =>
    `subgroupMatrixLoad<subgroup_matrix_left<f16, 16, 16>>(&ta[sy], ${i * 16 * strideA + k}u, false, ${strideA}u)`;
  const right = (j: number, k: number) =>
    `subgroupMatrixLoad<subgroup_matrix_right<f16, 16, 16>>(&tb[sx], ${k * strideB + j * 16}u, false, ${strideB}u)`;
  const product = unroll(depth / 16, (step) =>
    [
      unroll(R, (i) => `    let a${step}_${i} = ${left(i, step * 16)};`),
      unroll(S, (j) => {
        const load = `    let b${step}_${j} = ${right(j, step * 16)};\n`;
        return (
          load +
          unroll(
            R,
            (i) => `    c${i}_${j} = subgroupMatrixMultiplyAccumulate(a${step}_${i}, b${step}_${j}, c${i}_${j});`
          )
        );
      })
    ].join("\n")
  );
  const code = `${enables("matrix")}
@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
${epilogue === "none" ? "" : "@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;"}
@group(0) @binding(3) var<storage, read_write> c: array<vec4<${output === "f16" ? "u32" : "f32"}>>;
var<workgroup> ta: array<array<f16, ${tall * strideA}>, ${down}>;
var<workgroup> tb: array<array<f16, ${depth * strideB}>, ${across}>;
var<workgroup> tc: array<array<f32, ${16 * strideC}>, ${down * across}>;
${finishCode(epilogue)}
${output === "f16" ? packCode : ""}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let sg = t / ${lanes}u;
  let lane = t % ${lanes}u;
  let sy = sg / ${across}u;
  let sx = sg % ${across}u;
  let row = group.y * ${high}u;
  let column = group.x * ${broad}u;
${unroll(R, (i) => unroll(S, (j) => `  var c${i}_${j} = subgroup_matrix_result<f32, 16, 16>();`))}
${fetch("var", "0u")}
  for (var k0 = 0u; k0 < ${inner}u; k0 += ${depth}u) {
${store}
    workgroupBarrier();
    let next = min(k0 + ${depth}u, ${inner - depth}u);
${fetch("", "next")}
${product}
    workgroupBarrier();
  }
${epilogueCode(shape, tile, strideC)}
}
`;
  return {code, groups: ({cells, padded}: CallShape) => [columns / broad, Math.ceil((cells * padded) / high), 1]};
}

/** Writes a vec4<u32> of eight halves to an array of them. */
export function putHalves(array: string, offset: string, value: string): string {
  return `    { let o = ${offset};
${"xyzw"
  .split("")
  .map(
    (e, i) =>
      `      let h${i} = bitcast<vec2<f16>>(${value}.${e}); ${array}[o + ${2 * i}u] = h${i}.x; ${array}[o + ${2 * i + 1}u] = h${i}.y;`
  )
  .join("\n")}
    }`;
}

/** WGSL that makes a vec4<u32> of eight halves. */
export const packCode = `fn pack(x: vec4<f32>, y: vec4<f32>) -> vec4<u32> {
  let a = vec4<f16>(x);
  let b = vec4<f16>(y);
  return vec4<u32>(bitcast<u32>(a.xy), bitcast<u32>(a.zw), bitcast<u32>(b.xy), bitcast<u32>(b.zw));
}
`;

/** Sums have no elements that a shader can reach: they go through workgroup memory, sixteen rows of a subgroup at a time, eight columns a lane. */
function epilogueCode(
  {columns, epilogue, output}: ProductShape,
  {rows: R, columns: S, down, across}: MatrixTile,
  stride: number
): string {
  const wide = S * 16;
  const groups = wide / 8;
  const rowsAtOnce = lanes / groups;
  const value = (r: number, at: string) => {
    const four = (o: number) => `vec4<f32>(${[0, 1, 2, 3].map((e) => `tc[sg][${at} + ${o + e}u]`).join(", ")})`;
    const made = (o: number, bias: string) => (epilogue === "none" ? four(o) : `finish(${four(o)}, ${bias})`);
    const place = `(row + sy * ${R * 16}u + ${r}u + lane / ${groups}u) * ${columns}u + first`;
    return output === "f16"
      ? `c[(${place}) / 8u] = pack(${made(0, "bias0")}, ${made(4, "bias1")});`
      : `c[(${place}) / 4u] = ${made(0, "bias0")}; c[(${place}) / 4u + 1u] = ${made(4, "bias1")};`;
  };
  void down;
  void across;
  return `  let first = column + sx * ${wide}u + (lane % ${groups}u) * 8u;
${epilogue === "none" ? "" : "  let bias0 = bias[first / 4u]; let bias1 = bias[first / 4u + 1u];"}
${unroll(R, (i) =>
  [
    i > 0 ? "  workgroupBarrier();" : "",
    unroll(S, (j) => `  subgroupMatrixStore(&tc[sg], ${j * 16}u, c${i}_${j}, false, ${stride}u);`),
    "  workgroupBarrier();",
    unroll(
      16 / rowsAtOnce,
      (n) =>
        `  ${value(i * 16 + n * rowsAtOnce, `(lane / ${groups}u + ${n * rowsAtOnce}u) * ${stride}u + (lane % ${groups}u) * 8u`)}`
    )
  ].join("\n")
)}`;
}
