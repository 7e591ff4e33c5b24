/** What a conversion is doing. */
export interface ConversionProgress {
  step: "weights" | "fold" | "write" | "self-test" | "measure";
  done: number;
  total: number;
}
