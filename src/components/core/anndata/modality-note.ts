import type {AnnData} from "./anndata.js";
import type {Problem} from "./problem.js";

/** Says which modality or genome of a file of several is read and which are left out; null for a file of one. */
export function modalityNote({name, modality}: Pick<AnnData, "name" | "modality">): Problem | null {
  if (modality === null) return null;
  const others = modality.others.length === 0 ? "" : `, ${modality.others.join(", ")} left out`;
  if (modality.kind === "genome") {
    return {
      code: "one-genome",
      severity: "warning",
      message: `${name} has a matrix a genome: ${modality.name} is read${others}`,
      remedy: `to read another, write it as a file of its own in Python: scanpy.read_10x_h5(${JSON.stringify(name)}, genome=${JSON.stringify(modality.others[0])}).write_h5ad("other.h5ad")`
    };
  }
  return {
    code: "mudata-modality",
    severity: "warning",
    place: `/mod/${modality.name}`,
    message: `${name} is a MuData file: its modality ${modality.name} is read${others}`,
    remedy: "nothing to do, if that is the one with the genes"
  };
}
