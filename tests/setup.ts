import {ensureDemoModel} from "../src/components/runtime/demo-model.js";

/** Before any test: the embedded model, which is made from its seed where it is missing. */
export default async function setup(): Promise<void> {
  await ensureDemoModel();
}
