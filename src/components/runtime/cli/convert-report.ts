import type {Manifest, ModelSpecies, SpeciesFigures} from "../../core/model/bundle.js";
import type {Precision} from "../../core/types.js";

/** A variant that was asked for and is not in the bundle, and why. */
export interface LeftOut {
  species: string;
  precision: Precision;
  why: string;
}

/** Prints what a conversion has made, as text or (--json) as one JSON object: table rows, genes and variants of each species. */
export function reportConversion(
  manifest: Manifest,
  leftOut: readonly LeftOut[],
  options: Record<string, string>,
  print: (text: string) => void
): void {
  const {name, formatVersion, tableRows, variants, measured} = manifest;
  const species: (ModelSpecies & SpeciesFigures)[] = manifest.species.map((entry) =>
    formatVersion === 1
      ? {...entry, tableRows, variants, measured}
      : {...entry, tableRows: entry.tableRows!, variants: entry.variants!}
  );
  if (options["json"]) {
    const parts = species.map(({name: of, genes, folder: _, ...figures}) => ({name: of, genes, ...asJson(figures)}));
    const [{genes}] = species;
    const first = {tableRows, genes, ...asJson({tableRows, variants, measured})};
    return print(
      JSON.stringify({out: options["out"], name, ...first, leftOut, ...(parts.length > 1 && {species: parts})})
    );
  }
  for (const entry of species) {
    const of = species.length === 1 ? "" : `, ${entry.name}`;
    print(`${options["out"]}: ${name}${of}, ${entry.tableRows} table rows, ${entry.genes} genes`);
    for (const line of linesOf(entry)) print(`  ${line}`);
    for (const {precision, why} of leftOut.filter((one) => one.species === entry.name))
      print(`  ${precision}: left out, ${why}`);
    if (entry.measured === undefined) continue;
    const controls = Object.entries(entry.measured.controls).map(([control, e]) => `${control} ${e.toPrecision(3)}`);
    print(`  measured on ${entry.measured.origin}; wrong on purpose: ${controls.join(", ")}`);
  }
}

function asJson({tableRows, variants, measured}: SpeciesFigures): Record<string, unknown> {
  const listed = variants.map(({precision, relativeError, recall15, selfTestError, files}) => {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return {precision, bytes, relativeError, recall15, selfTestError};
  });
  return {tableRows, variants: listed, measured};
}

function linesOf({variants}: SpeciesFigures): string[] {
  return variants.map(({precision, relativeError, recall15, files}) => {
    const figures =
      precision === "fp32"
        ? "the reference"
        : relativeError === null || recall15 === null
          ? "not measured"
          : `relative error ${relativeError.toPrecision(3)}, 15-neighbor recall ${recall15.toFixed(3)}`;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return `${precision}: ${(bytes / 1e6).toFixed(2)} MB, ${figures}`;
  });
}
