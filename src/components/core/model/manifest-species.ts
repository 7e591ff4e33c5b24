import {WorkbookError} from "../errors.js";
import type {Manifest} from "./bundle.js";

/**
 * `manifest` with table rows, variants and measurement of the species `name` (its first), files by their names (`bundlePaths`) and not
 * by their places. One of format version 1 has a single species, and stays as it is. Throws a WorkbookError of domain "model", code
 * "unknown-species", where it has none of that name.
 */
export function manifestFor(manifest: Manifest, name = manifest.species[0].name): Manifest {
  const entry = manifest.species.find((species) => species.name === name);
  if (entry === undefined) {
    const names = manifest.species.map((species) => species.name);
    throw new WorkbookError({
      domain: "model",
      code: "unknown-species",
      fault: `the model ${manifest.name} has no species "${name}"`,
      remedy: `choose ${names.length === 1 ? names[0] : `one of: ${names.join(", ")}`}`
    });
  }
  if (manifest.formatVersion === 1) return manifest;
  const {measured: _, ...rest} = manifest;
  const {tableRows, variants, measured, folder} = entry;
  const bare = (path: string) => (path.startsWith(`${folder}/`) ? path.slice(folder!.length + 1) : path);
  const own = variants!.map((variant) => ({
    ...variant,
    files: variant.files.map((file) => ({...file, path: bare(file.path)}))
  }));
  return {...rest, tableRows: tableRows!, variants: own, ...(measured && {measured})};
}
