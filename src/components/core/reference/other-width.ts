import {WorkbookError} from "../errors.js";
import type {Reference} from "./reference.js";

/** The error "other-width" (domain "space"): vectors of a width that the reference's do not have. */
export function otherWidth(width: number, reference: Pick<Reference, "name" | "width">): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "other-width",
    fault: `the vectors are ${width} wide, those of ${reference.name} ${reference.width}: they are of different models`,
    remedy: "embed the cells with the reference's model, or use a reference of this model"
  });
}
