import type {Stage} from "../core/stages/stage.js";

/** Whether the values of a stage's matrix were found to be counts. */
export function holdsCounts({file, chain}: Stage): boolean {
  const {matrix} = chain.parameters;
  return file.inspection.matrices.find(({name}) => name === matrix)?.evidence?.verdict === "counts";
}
