import {finishCode, type Epilogue} from "./activation.js";
import {enables, numberType, unroll, type Arithmetic, type CallShape, type Kernel} from "./kernel.js";

/** Sizes of a product that do not change from call to call. */
export interface ProductShape {
  /** Numbers that are summed over. */
  inner: number;
  /** Columns of the result. */
  columns: number;
  epilogue: Epilogue;
  /** Type of the stored result. */
  output: "f16" | "f32";
  /**
   * Parts into which the inner dimension is split, each a workgroup's own, so that few rows fill a device too (1 if absent): the result has a row for each part of a
   * row, one below the other, whose sum is the row of the product. Only without an epilogue.
   */
  splits?: number;
}

/** Tile that a workgroup computes: each thread has 8 x 8 of it. `depth` numbers of the inner dimension are staged at a time. */
export interface PlainTile {
  rows: number;
  columns: number;
  depth: number;
}

/**
 * C = finish(A B + bias): A has cells x padded rows of `inner`, B is inner x columns, both row-major in the arithmetic's type. Bindings: 0 A, 1 B, 2 bias
 * (float32; absent for "none"), 3 C. Tiles go through workgroup memory, the next one is loaded while one is computed. In float16 the sums of one tile's depth are
 * float16 and go into float32 sums. `inner` must be a multiple of the tile's depth, `columns` of its columns.
 */
export function plainProduct(arithmetic: Arithmetic, shape: ProductShape, tile: PlainTile): Kernel {
  const {inner, columns, epilogue, output, splits = 1} = shape;
  const {rows, depth} = tile;
  const part = inner / splits;
  const type = numberType(arithmetic);
  const [across, down] = [tile.columns / 8, rows / 8];
  const threads = across * down;
  const half = type === "f16";
  const sums = unroll(8, (i) => `  var c${i}0 = vec4<f32>(); var c${i}1 = vec4<f32>();`);
  const fetch = fetchCode(inner, columns, tile, threads);
  const parts = half ? unroll(8, (i) => `    var h${i}0 = vec4<f16>(); var h${i}1 = vec4<f16>();`) : "";
  const sum = half ? "h" : "c";
  const code = `${enables(half ? "fp16" : "fp32")}
@group(0) @binding(0) var<storage, read> a: array<vec4<${type}>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<${type}>>;
${epilogue === "none" ? "" : "@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;"}
@group(0) @binding(3) var<storage, read_write> c: array<vec4<${output}>>;
var<workgroup> ta: array<array<vec4<${type}>, ${rows / 4}>, ${depth}>;
var<workgroup> tb: array<array<vec4<${type}>, ${tile.columns / 4}>, ${depth}>;
${finishCode(epilogue)}
@compute @workgroup_size(${across}, ${down})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) at: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = group.y * ${rows}u;
  let column = group.x * ${tile.columns / 4}u;
  let begin = ${splits > 1 ? `group.z * ${part}u` : "0u"};
${sums}
${fetch.declare}
  for (var k0 = begin; k0 < begin + ${part}u; k0 += ${depth}u) {
${fetch.store}
    workgroupBarrier();
    let next = min(k0 + ${depth}u, begin + ${part - depth}u);
${fetch.load}
${parts}
    for (var k = 0u; k < ${depth}u; k++) {
      let a0 = ta[k][at.y];
      let a1 = ta[k][at.y + ${down}u];
      let b0 = tb[k][at.x];
      let b1 = tb[k][at.x + ${across}u];
${unroll(8, (i) => {
  const x = `a${i >> 2}.${"xyzw"[i & 3]}`;
  return `      ${sum}${i}0 = fma(vec4<${type}>(${x}), b0, ${sum}${i}0); ${sum}${i}1 = fma(vec4<${type}>(${x}), b1, ${sum}${i}1);`;
})}
    }
${half ? unroll(8, (i) => `    c${i}0 += vec4<f32>(h${i}0); c${i}1 += vec4<f32>(h${i}1);`) : ""}
    workgroupBarrier();
  }
  let left = column + at.x;
${epilogue === "none" ? "" : `  let bias0 = bias[left]; let bias1 = bias[left + ${across}u];`}
${unroll(8, (i) => {
  const line = `row + at.y * 4u + ${(i & 3) + (i >> 2) * 4 * down}u`;
  const at = `(${splitRow(line, splits)}) * ${columns / 4}u + left`;
  const value = (j: number) => (epilogue === "none" ? `c${i}${j}` : `finish(c${i}${j}, bias${j})`);
  return `  c[${at}] = vec4<${output}>(${value(0)}); c[${at} + ${across}u] = vec4<${output}>(${value(1)});`;
})}
}
`;
  return {
    code,
    groups: ({cells, padded}: CallShape) => [columns / tile.columns, Math.ceil((cells * padded) / rows), splits]
  };
}

/** WGSL of the row that a workgroup of a split product writes. */
export function splitRow(row: string, splits: number): string {
  return splits > 1 ? `(${row}) * ${splits}u + group.z` : row;
}

/** How threads bring tiles to workgroup memory: A four rows by four columns at a time, turned, so that products read vectors of rows. */
function fetchCode(inner: number, columns: number, {rows, columns: wide, depth}: PlainTile, threads: number) {
  const blocks = (rows / 4) * (depth / 4);
  const vectors = depth * (wide / 4);
  const nA = Math.max(1, blocks / threads);
  const nB = Math.max(1, vectors / threads);
  const place = (n: number, count: number) => (count < threads ? `min(t, ${count - 1}u)` : `(t + ${n * threads}u)`);
  const fromA = (n: number, i: number, k: string) => {
    const u = place(n, blocks);
    return `a[(row + (${u} / ${depth / 4}u) * 4u + ${i}u) * ${inner / 4}u + ${k} / 4u + ${u} % ${depth / 4}u]`;
  };
  const fromB = (n: number, k: string) => {
    const u = place(n, vectors);
    return `b[(${k} + ${u} / ${wide / 4}u) * ${columns / 4}u + column + ${u} % ${wide / 4}u]`;
  };

  const lines = (word: string, k: string) =>
    [
      unroll(nA, (n) => unroll(4, (i) => `    ${word} pa${n}${i} = ${fromA(n, i, k)};`)),
      unroll(nB, (n) => `    ${word} pb${n} = ${fromB(n, k)};`)
    ].join("\n");
  const store = [
    unroll(nA, (n) => {
      const u = place(n, blocks);
      return "xyzw"
        .split("")
        .map(
          (e, j) =>
            `    ta[(${u} % ${depth / 4}u) * 4u + ${j}u][${u} / ${depth / 4}u] = vec4(pa${n}0.${e}, pa${n}1.${e}, pa${n}2.${e}, pa${n}3.${e});`
        )
        .join("\n");
    }),
    unroll(nB, (n) => `    tb[${place(n, vectors)} / ${wide / 4}u][${place(n, vectors)} % ${wide / 4}u] = pb${n};`)
  ].join("\n");
  return {declare: lines("var", "begin"), load: lines("", "next"), store};
}
