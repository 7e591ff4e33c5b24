/**
 * Arithmetic of the kernels: "fp32" anywhere; "fp16" with numbers and products in float16 and sums of products in float32, where the device has
 * `shader-f16`; "matrix" with float16 products and float32 sums by matrix units, where it has `chromium-experimental-subgroup-matrix`.
 */
export type Arithmetic = "fp32" | "fp16" | "matrix";

/** One compute shader: its WGSL, entry point `main`, and the workgroups that it takes. */
export interface Kernel {
  /** WGSL source, complete with its `enable` lines. */
  code: string;
  /** Workgroups in x, y and z for these many sentences and rows. */
  groups(call: CallShape): [number, number, number];
}

/** What differs from call to call. */
export interface CallShape {
  /** Sentences. */
  cells: number;
  /** Tokens of each. */
  length: number;
  /** Rows that a sentence takes: `length` rounded up to `rowStep`. */
  padded: number;
}

/** Rows of a sentence are a multiple of this, so that no tile of queries belongs to two sentences. */
export const rowStep = 64;
/** Buffers hold a multiple of this many rows, so that no tile of a product reaches beyond them. */
export const tileStep = 128;

/** Type of the numbers that products read: float16 or float32. */
export function numberType(arithmetic: Arithmetic): "f16" | "f32" {
  return arithmetic === "fp32" ? "f32" : "f16";
}

/** The `enable` lines that a kernel of this arithmetic begins with. */
export function enables(arithmetic: Arithmetic): string {
  if (arithmetic === "fp32") return "";
  if (arithmetic === "fp16") return "enable f16;\n";
  return "enable f16;\nenable subgroups;\nenable chromium_experimental_subgroup_matrix;\ndiagnostic(off, chromium.subgroup_matrix_uniformity);\ndiagnostic(off, subgroup_uniformity);\n";
}

/** The uniform that says what a call is about, at binding 0: a `CallShape`, and the last row of the table of positions. */
export const callBinding = `struct Call {cells: u32, length: u32, padded: u32, most: u32}
@group(0) @binding(0) var<uniform> call: Call;
`;

/** `count` lines of code, made from their index. */
export function unroll(count: number, line: (i: number) => string): string {
  return Array.from({length: count}, (_, i) => line(i)).join("\n");
}
