import type {Kernel} from "./kernel.js";

/** The uniform of both kernels: rows and columns of the matrix that comes, columns of the buffer, and the first of them that is its own. */
const head = (
  output: "f16" | "f32"
) => `${output === "f16" ? "enable f16;\n" : ""}struct Place {inputs: u32, outputs: u32, columns: u32, first: u32}
@group(0) @binding(0) var<uniform> place: Place;
`;
const threads = 64;

/** Workgroups for a matrix of so many columns, and `rows` of what a thread reads at a time. */
export function placeGroups(outputs: number, rows: number): [number, number, number] {
  return [Math.ceil(outputs / threads), rows, 1];
}

/** Brings a float32 matrix to its columns of a buffer. Bindings: 0 uniform, 1 the matrix, 2 the buffer. A workgroup in y a row. */
export function placeNumbers(output: "f16" | "f32"): Pick<Kernel, "code"> {
  const code = `${head(output)}@group(0) @binding(1) var<storage, read> numbers: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<${output}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let column = group.x * ${threads}u + t;
  if (column >= place.outputs) { return; }
  result[group.y * place.columns + place.first + column] = ${output}(numbers[group.y * place.outputs + column]);
}
`;
  return {code};
}

/**
 * Widens a matrix in blocks (`WeightBlocks`) on its way to its columns of a buffer: of each column a word of 32 bits a thread. Bindings: 0 uniform, 1 blocks, 2 scales
 * (float16, two a word), 3 the buffer. A workgroup in y for `32 / bits` rows.
 */
export function placeBlocks(output: "f16" | "f32", bits: 4 | 8, length: number): Pick<Kernel, "code"> {
  const per = 32 / bits;
  const code = `${head(output)}@group(0) @binding(1) var<storage, read> blocks: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<${output}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let column = group.x * ${threads}u + t;
  if (column >= place.outputs) { return; }
  let word = blocks[column * (place.inputs / ${per}u) + group.y];
  let block = column * (place.inputs / ${length}u) + group.y / ${length / per}u;
  let two = unpack2x16float(scales[block / 2u]);
  let scale = select(two.x, two.y, block % 2u == 1u);
  var to = group.y * ${per}u * place.columns + place.first + column;
  for (var i = 0u; i < ${per}u; i++) {
    let value = f32((word >> (i * ${bits}u)) & ${2 ** bits - 1}u) - ${2 ** (bits - 1)}.0;
    result[to] = ${output}(value * scale);
    to += place.columns;
  }
}
`;
  return {code};
}
