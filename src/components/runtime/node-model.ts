import {folderBundle} from "../adapters/node-files.js";
import type {Bundle} from "../core/model/bundle.js";
import {openBundle} from "../core/model/open-bundle.js";
import {ensureDemoModel} from "./demo-model.js";

/**
 * Opens the model bundle in `folder`; without one the embedded model, made from its seed where it is missing. Throws a
 * WorkbookError of domain "model" if the bundle is incomplete or damaged.
 */
export async function openNodeModel(folder: string | undefined, signal?: AbortSignal): Promise<Bundle> {
  return openBundle(folderBundle(folder ?? (await ensureDemoModel({signal}))), signal);
}
