import {cpSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {ensureDemoModel} from "../src/components/runtime/demo-model.js";

/**
 * A copy of the embedded model in `folder` whose sentences have `genes` genes: a fraction of the time, where what is asked does not hang on how
 * long they are. Returns its path.
 */
export async function shortModel(folder: string, genes = 64): Promise<string> {
  const model = join(folder, "short-model");
  cpSync(await ensureDemoModel(), model, {recursive: true, dereference: true});
  const path = join(model, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as {sentence: object};
  writeFileSync(path, JSON.stringify({...manifest, sentence: {...manifest.sentence, sampleSize: genes}}));
  return model;
}
