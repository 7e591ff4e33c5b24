import {openOpfs} from "../../adapters/opfs.js";
import {isWorkbookError} from "../../core/errors.js";
import {measuringFolder, measuringIdentity, readMeasured} from "../../core/model/measured-variants.js";
import type {MeasuredVariants} from "../../core/model/measured-variants.js";
import {listStoredModels, removeStoredModel, type StoredModel} from "../../core/model/stored-models.js";

/** A model that this browser keeps, and what is known here of its variants. */
export interface KeptModel extends StoredModel {
  measured: MeasuredVariants | null;
  /** True where a measurement was begun and not ended. */
  begun: boolean;
}

/** The models that this browser keeps, in the order of their names; null where it keeps nothing. */
export async function keptModels(): Promise<KeptModel[] | null> {
  try {
    const store = await openOpfs();
    const models = await listStoredModels(store);
    const pieces = await store.list(measuringFolder);
    const known = await Promise.all(
      models.map(async (model) => ({
        ...model,
        measured: await readMeasured(store, model.hash),
        begun: pieces.some(({name}) => name.startsWith(`${measuringFolder}/${measuringIdentity(model.hash)}`))
      }))
    );
    return known.sort((a, b) => a.manifest.name.localeCompare(b.manifest.name));
  } catch (error) {
    if (isWorkbookError(error)) return null;
    throw error;
  }
}

/** Removes a model from this browser. Rejects with a WorkbookError of domain "storage". */
export async function removeModel(hash: string): Promise<void> {
  await removeStoredModel(await openOpfs(), hash);
}

/** Bytes that conversions which were not ended keep here. */
export async function unfinishedBytes(): Promise<number> {
  const objects = await openOpfs().then(
    (store) => store.list("making"),
    () => []
  );
  return objects.reduce((sum, {bytes}) => sum + bytes, 0);
}
