import type {Table} from "apache-arrow";
import {readProvenance, type AnswerName, type JsonValue, type Provenance} from "../../core/tables/provenance.js";
import {software} from "../software.js";

/** Provenance of a table that was made of embeddings: theirs, with the new step and its parameters. `name` is the embeddings' file, for those made elsewhere. */
export function derivedProvenance(
  stage: AnswerName,
  embeddings: Table,
  name: string,
  parameters: {[key: string]: JsonValue}
): Provenance {
  const before = readProvenance(embeddings);
  const origin = before ?? {format: 1 as const, source: {name, bytes: 0, identity: ""}};
  return {...origin, stage, software, parameters: {...before?.parameters, ...parameters}};
}
