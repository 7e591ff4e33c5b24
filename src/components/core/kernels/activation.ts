/** What a product does with its sums before it stores them. */
export type Epilogue = "none" | "bias" | "gelu" | "relu";

/**
 * WGSL of `fn finish(x: vec4<f32>, bias: vec4<f32>) -> vec4<f32>`: adds the bias and applies the activation. GELU is the exact one: its erf is formula
 * 7.1.26 of Abramowitz and Stegun (1964), within 1.5e-7 everywhere, which is float32's own step at 1.
 */
export function finishCode(epilogue: Epilogue): string {
  if (epilogue === "none") return "";
  const value = {
    bias: "y",
    relu: "max(y, vec4<f32>(0.0))",
    gelu: "0.5 * y * (1.0 + erf(y * 0.70710678118654752))"
  }[epilogue];
  return `${epilogue === "gelu" ? erf : ""}
fn finish(x: vec4<f32>, bias: vec4<f32>) -> vec4<f32> {
  let y = x + bias;
  return ${value};
}
`;
}

const erf = `
fn erf(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(x) * (1.0 - p * exp(-a * a));
}`;
