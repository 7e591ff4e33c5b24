import type {AnswerName, JsonValue, Provenance} from "./provenance.js";

/**
 * Provenance of a table that was made of another, whose provenance is `before`: that, with the new step and its parameters. `name` is the other's
 * file, for those made elsewhere.
 */
export function derivedProvenance(
  stage: AnswerName,
  before: Provenance | null,
  {software, name, parameters}: {software: Provenance["software"]; name: string; parameters: {[key: string]: JsonValue}}
): Provenance {
  const origin = before ?? {format: 1 as const, source: {name, bytes: 0, identity: ""}};
  return {...origin, stage, software, parameters: {...before?.parameters, ...parameters}};
}
