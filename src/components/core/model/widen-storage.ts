import {storedWeights} from "./stored-weights.js";

/** A weight as the graphs take it: float32, row-major. */
export interface WideTensor {
  name: string;
  values: Float32Array<ArrayBuffer>;
}

/** The weights of a bundle's safetensors file as float32, whatever storage precision they lie in. Throws as `storedWeights` does. */
export function widenStorage(path: string, bytes: Uint8Array<ArrayBuffer>): WideTensor[] {
  return storedWeights(path, bytes).map(({name, widen}) => ({name, values: widen()}));
}
