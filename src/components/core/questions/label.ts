import {labelEmbeddings} from "../pipeline/label-embeddings.js";
import {openReference} from "../reference/open-reference.js";
import {bundleOfFiles, type ReferenceFiles} from "../reference/reference-files.js";
import type {QuestionContext, TaskOptions} from "./context.js";
import {keptAnswer} from "./kept-answer.js";

/** How labels are asked for; see `label` (core/stages). */
export interface LabelQuestion {
  /** sha256 of the reference's manifest. */
  reference: string;
  by: string | null;
  neighbors: number;
  files: ReferenceFiles;
}

/** Labels of the chain's vectors, as the bytes of their table with `LabelFacts`; see `labelEmbeddings`. Progress counts per cent. A run that embeds gives way. */
export async function label(
  context: QuestionContext,
  {files, ...request}: LabelQuestion,
  {signal, onProgress}: TaskOptions
): Promise<Uint8Array> {
  const {software, anndata} = context;
  const {cells, provenance: origin} = await context.vectors();
  const make = async () => {
    const {by, neighbors, reference: hash} = request;
    const {reference, calibration} = await openReference(bundleOfFiles("reference", files), by, signal);
    const tell = (share: number) => void (Number.isNaN(share) || onProgress?.(Math.floor(100 * share), 100));
    const deps = {software, origin, name: anndata.name};
    const asked = {reference, calibration, by, neighbors, hash};
    return (await labelEmbeddings(cells, asked, deps, {signal, onProgress: tell})).table;
  };
  return keptAnswer(context, "label", request, () => context.ahead(make()));
}
