import type {BundleFile, Manifest} from "./bundle.js";

/** Every file that a manifest lists, of all species and variants, each once, by its place in the bundle. */
export function bundleFiles({formatVersion, species, variants}: Manifest): BundleFile[] {
  const lists = formatVersion === 1 ? variants : species.flatMap((entry) => entry.variants!);
  return [...new Map(lists.flatMap(({files}) => files.map((file) => [file.path, file]))).values()];
}
