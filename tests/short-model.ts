import {cpSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {ensureDemoModel} from "../src/components/runtime/demo-model.js";

/** The manifest of a model in a folder, the embedded one unless another is named, with sentences of `genes` genes. */
export async function shortManifest(genes: number, model?: string): Promise<{sentence: {sampleSize: number}}> {
  const text = readFileSync(join(model ?? (await ensureDemoModel()), "manifest.json"), "utf8");
  const manifest = JSON.parse(text) as {sentence: {sampleSize: number}};
  return {...manifest, sentence: {...manifest.sentence, sampleSize: genes}};
}

/**
 * A copy of the embedded model in `folder` whose sentences have `genes` genes: a fraction of the time, where what is asked does not hang on how
 * long they are. Returns its path.
 */
export async function shortModel(folder: string, genes = 64): Promise<string> {
  const model = join(folder, "short-model");
  cpSync(await ensureDemoModel(), model, {recursive: true, dereference: true});
  writeFileSync(join(model, "manifest.json"), JSON.stringify(await shortManifest(genes)));
  return model;
}
