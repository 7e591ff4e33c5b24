import {writeSession} from "../core/session/write-session.js";
import type {FileFacts} from "../core/stages/file-facts.js";
import type {OpenFile, Stage} from "../core/stages/stage.js";
import type {Session} from "../core/session/session.js";
import {software} from "../runtime/browser/software.js";
import {model, sessionOf} from "./browser.js";
import {keptAnswers} from "./kept-answers.js";

/** Stages whose tables go with a session: the others grow with genes or tokens. */
const taken = new Set(["load", "umap"]);

/** Saves what a page shows of a chain that is done. Rejects with a WorkbookError, or the signal's reason. */
export async function makeSession(
  {
    embed,
    map,
    embedded,
    selected,
    selections
  }: {
    embed: Stage;
    map: Stage | null;
    embedded: Int32Array;
    selected: Int32Array | null;
    selections: Session["selections"];
  },
  signal: AbortSignal
): Promise<{blob: Blob; cells: number}> {
  const {file, chain} = embed;
  const before = sessionOf(file);
  const stages: Session["stages"] = [];
  for (let stage: Stage | null = map ?? embed; stage !== null; stage = stage.parent) {
    const table = taken.has(stage.name) ? await stage.table({signal}) : null;
    stages.unshift({name: stage.name, address: stage.address, table});
  }
  const {name, hash} = before?.model ?? (await model(chain.model));
  const bytes = await writeSession({
    software,
    page: {path: location.pathname, query: location.search},
    file: factsOf(file),
    model: {name, hash},
    stages,
    selected,
    selections,
    answers: before?.answers ?? keptAnswers(file.identity)
  });
  return {blob: new Blob([bytes]), cells: embedded.length};
}

function factsOf({name, bytes, identity, inspection, cellIds, obs, maps}: OpenFile): FileFacts {
  return {name, bytes, identity, inspection, cellIds, obs, maps};
}
