import {joinAnnData} from "../anndata/join-anndata.js";
import {joinedHash} from "./joined-hash.js";
import type {OpenSource} from "./open-source.js";

/** Several open files as one (`joinAnnData`). Its identity is of their identities, in their order. Where they cannot be joined, they are closed. */
export async function joinSources(sources: readonly OpenSource[]): Promise<OpenSource> {
  try {
    const anndata = joinAnnData(sources.map((source) => source.anndata));
    const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
    const contents = sources.map(({content}) => content);
    return {
      anndata,
      identity: `${bytes}-${await joinedHash(sources.map(({identity}) => identity))}`,
      content: contents.every((content) => content == null) ? contents[0] : await joinedHash(contents),
      bytes,
      isLost: () => sources.some(({isLost}) => isLost?.() === true),
      close: () => sources.forEach((source) => source.close())
    };
  } catch (error) {
    sources.forEach((source) => source.close());
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
