import {finishCode} from "./activation.js";
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
import {enables, unroll, type CallShape, type Kernel} from "./kernel.js";
import {splitRow, type ProductShape} from "./plain-product.js";

/** Tile of a workgroup: `down` x `across` subgroups, each with `rows` x `columns` fragments. */
export interface MatrixTile {
  rows: number;
  columns: number;
  down: number;
  across: number;
  /** Numbers of the inner dimension that are staged at a time. */
  depth: number;
}

/**
 * C = finish(A B + bias) by matrix units: float16 in, float32 sums. Bindings and shapes as `plainProduct`. Every subgroup has staging arrays that it reads at
 * constant offsets, because a load of a fragment whose bounds the compiler cannot prove is put into a branch of its own (docs/performance.md). The next numbers are
 * loaded while these are multiplied.
 */
export function matrixProduct(shape: ProductShape, tile: MatrixTile): Kernel {
  const {inner, columns, epilogue, output, splits = 1} = shape;
  const {rows: R, columns: S, down, across, depth} = tile;
  const threads = lanes * down * across;
  const [high, broad] = [R * side * down, S * side * across];
  const stage = stageCode(shape, tile, threads);
  const code = `${enables("matrix")}
@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
${epilogue === "none" ? "" : "@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;"}
@group(0) @binding(3) var<storage, read_write> c: array<vec4<${output === "f16" ? "u32" : "f32"}>>;
var<workgroup> ta: array<array<f16, ${R * side * (depth + gap)}>, ${down}>;
var<workgroup> tb: array<array<f16, ${depth * (S * side + gap)}>, ${across}>;
var<workgroup> tc: array<array<f32, ${side * (S * side + 4)}>, ${down * across}>;
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
  let begin = ${splits > 1 ? `group.z * ${inner / splits}u` : "0u"};
${unroll(R, (i) => unroll(S, (j) => `  var c${i}_${j} = ${zeroSums};`))}
${stage.begin}
  for (var k0 = 0u; k0 < ${inner / splits}u; k0 += ${depth}u) {
${stage.store}
    workgroupBarrier();
    if (k0 + ${depth}u < ${inner / splits}u) {
${stage.next}
    }
${unroll(depth / side, (step) => productCode(tile, step))}
    workgroupBarrier();
  }
${epilogueCode(shape, tile)}
}
`;
  const groups = ({cells, padded}: CallShape): [number, number, number] => [
    columns / broad,
    Math.ceil((cells * padded) / high),
    splits
  ];
  return {code, groups};
}

/** How threads bring tiles to workgroup memory, eight halves at a time. */
function stageCode(
  {inner, columns}: ProductShape,
  {rows: R, columns: S, down, across, depth}: MatrixTile,
  threads: number
) {
  const [tall, wide] = [R * side, S * side];
  const [strideA, strideB] = [depth + gap, wide + gap];
  const [acrossA, acrossB] = [depth / 8, (wide * across) / 8];
  const [stepA, stepB] = [threads / acrossA, threads / acrossB];
  const nA = (tall * down) / stepA;
  const nB = depth / stepB;
  const fetch = (word: string) =>
    [
      unroll(nA, (n) => `    ${word} pa${n} = a[placeA + ${(n * stepA * inner) / 8}u];`),
      unroll(nB, (n) => `    ${word} pb${n} = b[placeB + ${(n * stepB * columns) / 8}u];`)
    ].join("\n");
  const begin = `  var placeA = ((row + t / ${acrossA}u) * ${inner}u + begin) / 8u + t % ${acrossA}u;
  var placeB = ((begin + t / ${acrossB}u) * ${columns}u + column) / 8u + t % ${acrossB}u;
${fetch("var")}`;
  const store = [
    unroll(nA, (n) => {
      const [slice, line] =
        tall % stepA === 0
          ? [`${Math.floor((n * stepA) / tall)}u`, `t / ${acrossA}u + ${(n * stepA) % tall}u`]
          : [`(t / ${acrossA}u + ${n * stepA}u) / ${tall}u`, `(t / ${acrossA}u + ${n * stepA}u) % ${tall}u`];
      return putHalves(`ta[${slice}]`, `(${line}) * ${strideA}u + t % ${acrossA}u * 8u`, `pa${n}`);
    }),
    unroll(nB, (n) => {
      const at = `(t / ${acrossB}u + ${n * stepB}u) * ${strideB}u + t % ${acrossB}u % ${wide / 8}u * 8u`;
      return putHalves(`tb[t % ${acrossB}u / ${wide / 8}u]`, at, `pb${n}`);
    })
  ].join("\n");
  const next = `      placeA += ${depth / 8}u;
      placeB += ${(depth * columns) / 8}u;
${fetch("")}`;
  return {begin, store, next};
}

/** One fragment of the inner dimension: the subgroup's fragments of A and B, and all their products. */
function productCode({rows: R, columns: S, depth}: MatrixTile, step: number): string {
  const [strideA, strideB] = [depth + gap, S * side + gap];
  const left = (i: number) => loadFragment("left", "ta[sy]", i * side * strideA + step * side, strideA);
  const right = (j: number) => loadFragment("right", "tb[sx]", step * side * strideB + j * side, strideB);
  return [
    unroll(R, (i) => `    let a${step}_${i} = ${left(i)};`),
    unroll(S, (j) =>
      [
        `    let b${step}_${j} = ${right(j)};`,
        unroll(R, (i) => `    ${multiplyAdd(`c${i}_${j}`, `a${step}_${i}`, `b${step}_${j}`)}`)
      ].join("\n")
    )
  ].join("\n");
}

/** Sums have no elements that a shader can reach: they go through workgroup memory, sixteen rows of a subgroup at a time, eight columns a lane. */
function epilogueCode(
  {columns, epilogue, output, splits = 1}: ProductShape,
  {rows: R, columns: S}: MatrixTile
): string {
  const wide = S * side;
  const stride = wide + 4;
  const groups = wide / 8;
  const rowsAtOnce = lanes / groups;
  const value = (r: number, at: string) => {
    const four = (o: number) => `vec4<f32>(${[0, 1, 2, 3].map((e) => `tc[sg][${at} + ${o + e}u]`).join(", ")})`;
    const made = (o: number, bias: string) => (epilogue === "none" ? four(o) : `finish(${four(o)}, ${bias})`);
    const line = `row + sy * ${R * side}u + ${r}u + lane / ${groups}u`;
    const place = `(${splitRow(line, splits)}) * ${columns}u + first`;
    return output === "f16"
      ? `c[(${place}) / 8u] = pack(${made(0, "bias0")}, ${made(4, "bias1")});`
      : `c[(${place}) / 4u] = ${made(0, "bias0")}; c[(${place}) / 4u + 1u] = ${made(4, "bias1")};`;
  };
  return `  let first = column + sx * ${wide}u + (lane % ${groups}u) * 8u;
${epilogue === "none" ? "" : "  let bias0 = bias[first / 4u]; let bias1 = bias[first / 4u + 1u];"}
${unroll(R, (i) =>
  [
    i > 0 ? "  workgroupBarrier();" : "",
    unroll(S, (j) => `  ${storeFragment("tc[sg]", j * side, `c${i}_${j}`, stride)}`),
    "  workgroupBarrier();",
    unroll(side / rowsAtOnce, (n) => {
      const at = `(lane / ${groups}u + ${n * rowsAtOnce}u) * ${stride}u + (lane % ${groups}u) * 8u`;
      return `  ${value(i * side + n * rowsAtOnce, at)}`;
    })
  ].join("\n")
)}`;
}
