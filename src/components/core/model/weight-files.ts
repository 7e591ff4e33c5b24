import type {BundleFile} from "./bundle.js";

/** Bytes that a file of weights has at most, its header apart: hosts of static files and of releases refuse larger ones, and a download that stopped goes on file by file. */
export const largestWeightFile = 96e6;

/** The name of the file number `number` (1, 2, ...) of weights that are too many for one: "encoder.int4.safetensors", then "encoder.int4.2.safetensors". */
export function weightFileName(first: string, number: number): string {
  return number === 1 ? first : first.replace(/\.safetensors$/, `.${number}.safetensors`);
}

/** Those of a variant's files that hold the weights whose first file is `first`, in order; none where that is not among them. */
export function weightFiles(files: readonly Pick<BundleFile, "path">[], first: string): string[] {
  const there = new Set(files.map(({path}) => path));
  const found: string[] = [];
  for (let number = 1; there.has(weightFileName(first, number)); ++number) found.push(weightFileName(first, number));
  return found;
}
