import {openOpfs} from "../../adapters/opfs.js";
import {openAnnData} from "../../core/anndata/anndata.js";
import {makeVariants} from "../../core/convert/make-variants.js";
import type {ModelProgress} from "../../core/model/adding-model.js";
import type {MeasuredVariants} from "../../core/model/measured-variants.js";
import type {MeasureOrder} from "./model-protocol.js";
import {variantOpener} from "./open-variants.js";
import {openPickedFile} from "./picked-file.js";
import {siteAliases} from "./site-aliases.js";
import {siteModel} from "./site-model.js";

/** Makes and measures smaller variants of a model that this browser keeps (`makeVariants`), in a worker. Rejects with a WorkbookError. */
export async function measureKept(
  {hash, file, load}: MeasureOrder,
  tell: (progress: Partial<ModelProgress>) => void
): Promise<MeasuredVariants> {
  tell({step: "look"});
  const reader = await openPickedFile(file.blob, file.name);
  try {
    const openEncoder = await variantOpener(await siteModel(hash));
    let seconds: number | undefined;
    return await makeVariants(await openOpfs(), hash, openAnnData(reader), {
      openEncoder,
      aliases: siteAliases,
      ...(load !== undefined && {load}),
      onProgress: (progress) => tell({...progress, ...(seconds !== undefined && {seconds})}),
      onEstimate: (estimate) => (seconds = estimate)
    });
  } finally {
    reader.close();
  }
}
