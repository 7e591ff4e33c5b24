import type {Inspection} from "../anndata/inspect.js";
import type {AliasTable} from "../cells/alias-table.js";
import {isAbort} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import {keepInspected} from "../pipeline/known-inspections.js";
import type {InspectChoice} from "../stages/file-facts.js";
import type {ResultStore} from "../store/result-store.js";
import {inspectionKey} from "../store/stage-keys.js";
import {tableOf, utf8Column} from "../tables/columns.js";
import {readFullText} from "../tables/read-columns.js";
import type {OpenSource} from "./open-source.js";

const name = "inspection";

/** What an inspection is of, and where it is kept. */
export interface InspectionOf {
  source: Pick<OpenSource, "anndata" | "identity" | "content">;
  /** The model, as the file needs it. */
  model: Pick<Bundle, "hash" | "manifest">;
  choice: InspectChoice;
  /** Loads the table of previous and alias symbols. */
  aliases(): Promise<AliasTable>;
  storage(): Promise<{store: ResultStore}>;
}

/**
 * An inspection from the store, or as `make` finds it, and stored then, so that the next page need not look at the file's values again. One that found
 * a fault, or went without the table of aliases, is not kept: the next may find none. What cannot be stored is answered all the same. Rejects as `make` does.
 */
export async function keptInspection(
  of: InspectionOf,
  make: (aliases: () => Promise<AliasTable>) => Promise<Inspection>
): Promise<Inspection> {
  const found = await storedOrMade(of, make);
  keepInspected(of.model.hash, of.source.anndata, of.choice, found);
  return found;
}

async function storedOrMade(
  {source, model, choice, aliases, storage}: InspectionOf,
  make: (aliases: () => Promise<AliasTable>) => Promise<Inspection>
): Promise<Inspection> {
  const {anndata, identity, content = null} = source;
  const file = {name: anndata.name, bytes: anndata.reader.byteLength};
  const {store} = await storage();
  const {trainedOn = []} = model.manifest;
  const key = await inspectionKey({identity, content, model: model.hash, trainedOn, choice});
  const known = await store.read(key, name).catch(() => null);
  if (known?.numRows === 1) return {...(JSON.parse(readFullText(known, name)[0]) as Inspection), file};
  let isWhole = true;
  const found = await make(() =>
    aliases().catch((error: unknown) => {
      isWhole = false;
      throw error;
    })
  );
  if (!isWhole || isFaulty(found)) return found;
  const table = tableOf([utf8Column(name, [JSON.stringify(found)])], new Map());
  await store.write(key, name, table).catch((error: unknown) => {
    if (isAbort(error)) throw error;
  });
  return found;
}

/** True where a part could not be read, or the file is of no use: a name may be in the words, and another try may read it. */
function isFaulty({problems, matrices}: Inspection): boolean {
  return (
    problems.some(({code, severity}) => severity === "error" || code === "unreadable-part") ||
    matrices.some(({fault}) => fault !== null)
  );
}
