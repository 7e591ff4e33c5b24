import {WorkbookError} from "../errors.js";
import {otherWidth} from "./other-width.js";
import type {Reference} from "./reference.js";

/**
 * Throws the WorkbookError "other-model" (domain "table") where vectors called `name` and those of the reference are known to be of different models, which are named. What does not
 * say its model is let through.
 */
export function requireSameModel(
  name: string,
  mine: {name: string; hash: string} | null | undefined,
  reference: Pick<Reference, "name" | "model">
): void {
  const theirs = reference.model;
  if (mine == null || theirs === null || mine.hash === theirs.hash) return;
  throw new WorkbookError({
    domain: "table",
    code: "other-model",
    fault: `${name} was made by the model ${mine.name}, ${reference.name} by ${theirs.name} (${mine.hash.slice(0, 12)}, ${theirs.hash.slice(0, 12)}): their vectors cannot be compared`,
    remedy: "embed the cells with the reference's model, or use a reference of this model"
  });
}

/** Throws the WorkbookError "other-width" (domain "space") unless vectors `width` wide can be compared with those of the reference. */
export function requireSameWidth(width: number, reference: Pick<Reference, "name" | "width">): void {
  if (width !== reference.width) throw otherWidth(width, reference);
}
