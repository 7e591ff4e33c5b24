/** Lanes of a subgroup; devices with another number do not get kernels with matrix units. */
export const lanes = 32;
/** Rows and columns of a fragment, which is what a subgroup multiplies at a time. */
export const side = 16;
/** Halves between rows in workgroup memory that keep rows in different banks; a multiple of eight, as loads of fragments ask. */
export const gap = 8;

const type = (kind: "left" | "right" | "result", number: "f16" | "f32") =>
  `subgroup_matrix_${kind}<${number}, ${side}, ${side}>`;

/** WGSL of a fragment of zeros for sums in float32. */
export const zeroSums = `${type("result", "f32")}()`;

/** WGSL that loads a fragment. `turned`: from columns in place of rows. */
export function loadFragment(
  kind: "left" | "right" | "result",
  array: string,
  offset: string | number,
  stride: number,
  {turned = false, number = "f16"}: {turned?: boolean; number?: "f16" | "f32"} = {}
): string {
  const at = typeof offset === "number" ? `${offset}u` : offset;
  return `subgroupMatrixLoad<${type(kind, number)}>(&${array}, ${at}, ${turned}, ${stride}u)`;
}

/** WGSL that stores a fragment of sums, or of halves on their way to be staged, in rows. */
export function storeFragment(array: string, offset: number, value: string, stride: number): string {
  return `subgroupMatrixStore(&${array}, ${offset}u, ${value}, false, ${stride}u);`;
}

/** WGSL of `sums += left * right`. */
export function multiplyAdd(sums: string, left: string, right: string): string {
  return `${sums} = subgroupMatrixMultiplyAccumulate(${left}, ${right}, ${sums});`;
}

/** WGSL that writes a vec4<u32> of eight halves to an array of halves. */
export function putHalves(array: string, offset: string, value: string): string {
  const halves = [..."xyzw"].map(
    (e, i) =>
      `let h${i} = bitcast<vec2<f16>>(${value}.${e}); ${array}[o + ${2 * i}u] = h${i}.x; ${array}[o + ${2 * i + 1}u] = h${i}.y;`
  );
  return `    { let o = ${offset};\n      ${halves.join("\n      ")}\n    }`;
}

/** WGSL of `pack`, which makes a vec4<u32> of eight halves. */
export const packCode = `fn pack(x: vec4<f32>, y: vec4<f32>) -> vec4<u32> {
  let a = vec4<f16>(x);
  let b = vec4<f16>(y);
  return vec4<u32>(bitcast<u32>(a.xy), bitcast<u32>(a.zw), bitcast<u32>(b.xy), bitcast<u32>(b.zw));
}
`;
