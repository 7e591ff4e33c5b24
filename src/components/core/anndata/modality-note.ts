import type {AnnData} from "./anndata.js";
import type {Problem} from "./problem.js";

/** Says which modality of a MuData file is read and which are left out; null for AnnData itself. */
export function modalityNote({name, modality}: Pick<AnnData, "name" | "modality">): Problem | null {
  if (modality === null) return null;
  const others = modality.others.length === 0 ? "" : `, ${modality.others.join(", ")} left out`;
  return {
    code: "mudata-modality",
    severity: "warning",
    place: `/mod/${modality.name}`,
    message: `${name} is a MuData file: its modality ${modality.name} is read${others}`,
    remedy: "nothing to do, if that is the one with the genes"
  };
}
