import type {StageDescription} from "../core/stages/stage.js";
import {rememberedPace} from "../runtime/browser/pace.js";
import {formatRemaining} from "../views/format.js";
import {model} from "./browser.js";

/** How long this device takes to embed so many sentences with the chain's model, in words after a comma; "" where it has not done any yet. */
export async function sentencesTime({chain}: StageDescription, sentences: number): Promise<string> {
  const {hash} = await model(chain.model);
  const pace = rememberedPace(hash);
  return pace === null ? "" : `, ${formatRemaining(pace * sentences)} on this device`;
}
