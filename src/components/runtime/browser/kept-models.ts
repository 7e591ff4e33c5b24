import {openOpfs} from "../../adapters/opfs.js";
import {isWorkbookError} from "../../core/errors.js";
import {listStoredModels, removeStoredModel, type StoredModel} from "../../core/model/stored-models.js";

/** The models that this browser keeps, in the order of their names; null where it keeps nothing. */
export async function keptModels(): Promise<StoredModel[] | null> {
  try {
    const models = await listStoredModels(await openOpfs());
    return models.sort((a, b) => a.manifest.name.localeCompare(b.manifest.name));
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
