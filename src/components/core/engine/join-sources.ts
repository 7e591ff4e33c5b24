import {joinAnnData} from "../anndata/join-anndata.js";
import type {OpenSource} from "./open-source.js";

/** Several open files as one (`joinAnnData`), under the identity and with the bytes given. Where they cannot be joined, they are closed. */
export function joinSources(
  sources: readonly OpenSource[],
  {identity, bytes}: Pick<OpenSource, "identity" | "bytes">
): OpenSource {
  const close = () => sources.forEach((source) => source.close());
  try {
    const anndata = joinAnnData(sources.map((source) => source.anndata));
    return {anndata, identity, bytes, isLost: () => sources.some(({isLost}) => isLost?.() === true), close};
  } catch (error) {
    close();
    throw error;
  }
}

/** Opens places one after the other; where one cannot be opened, those before are closed. Rejects as `open` does. */
export async function openEach<Place>(
  places: readonly Place[],
  open: (place: Place) => Promise<OpenSource>
): Promise<OpenSource[]> {
  const opened: OpenSource[] = [];
  try {
    for (const place of places) opened.push(await open(place));
    return opened;
  } catch (error) {
    opened.forEach((source) => source.close());
    throw error;
  }
}
