import {measureFiltering, type FilteringRequest, type MeasuredFiltering} from "../pipeline/measure-filtering.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** What keeping the most variable genes does to the vectors of some cells of the chain. */
export interface TrustFilter extends MeasuredFiltering {
  notices: {code: string; message: string}[];
}

/**
 * Measures what filtering does on the chain's cells (`measureFiltering`), sampled as the chain is. Progress counts sentences. Throws the WorkbookError "no-vectors" if there was no run, what
 * `measureFiltering` throws, and the signal's reason.
 */
export async function trustFilter(
  context: QuestionContext,
  request: FilteringRequest,
  {signal, onProgress}: TaskOptions
): Promise<TrustFilter> {
  const {cells, matrix} = await context.vectors();
  const {anndata, model, chain, aliases} = context;
  const {species, geneColumn, repair, filter, seeds, sampling} = chain.parameters;
  const rows = cells.index.map((place) => cells.rows[place]);
  const load = {matrix, species, geneColumn, repair, filter};
  const notices: TrustFilter["notices"] = [];
  const encoder = await context.openEncoder({onFallback: (notice) => void notices.push(notice), signal});
  try {
    const of = {anndata, model, aliases, load, rows, sampling, seeds};
    return {...(await measureFiltering(of, encoder, request, {signal, adapt: true, onProgress})), notices};
  } finally {
    await encoder.close();
  }
}
