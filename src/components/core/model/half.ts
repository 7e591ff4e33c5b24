import {WorkbookError} from "../errors.js";

/** Largest float32 magnitude that still rounds to a finite float16 is just below this. */
const overflow = 65520;

/**
 * Float32 values as float16 bits, rounded to nearest, ties to even. Throws a WorkbookError of domain "checkpoint" (code
 * "float16-overflow") for a value that float16 cannot hold; `name` is the tensor's, for the message.
 */
export function encodeHalves(values: ArrayLike<number>, name: string): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  for (let i = 0; i < values.length; ++i) {
    float[0] = values[i];
    const magnitude = Math.abs(float[0]);
    if (!(magnitude < overflow)) throw tooLarge(name, float[0], i);
    halves[i] = ((bits[0] >>> 16) & 0x8000) | halfMagnitude(magnitude, bits[0] & 0x7fffffff);
  }
  return halves;
}

/** Bits of the float16 nearest to a float32 of this magnitude and these bits (sign cleared). */
function halfMagnitude(magnitude: number, bits: number): number {
  if (magnitude >= 2 ** -14) return (bits - 0x38000000 + 0xfff + ((bits >>> 13) & 1)) >>> 13;
  const steps = magnitude * 2 ** 24;
  const whole = Math.floor(steps);
  const rest = steps - whole;
  return whole + Number(rest > 0.5 || (rest === 0.5 && (whole & 1) === 1));
}

function tooLarge(name: string, value: number, index: number): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "float16-overflow",
    fault: `float16 cannot hold ${value}, element ${index} of a weight (its largest is 65504)`,
    place: name,
    remedy: "convert this checkpoint to fp32 only"
  });
}
