import {httpBundle} from "../../adapters/http-bundle.js";
import {openOpfs} from "../../adapters/opfs.js";
import {WorkbookError} from "../../core/errors.js";
import type {Bundle, BundleSource} from "../../core/model/bundle.js";
import {openBundle} from "../../core/model/open-bundle.js";
import {storedBundle} from "../../core/model/stored-models.js";
import {isModelHash} from "../../core/model/is-model-hash.js";

/** Address of the embedded model's folder: this module stands at SITE/_import/components/runtime/browser/, wherever the site is. */
const embedded = new URL("../../../../data/model/", import.meta.url);
const opened = new Map<string, Promise<Bundle>>();

/**
 * A model: the one that comes with the site (null), one that this browser keeps, by its hash, or a bundle at an address relative to the
 * site's model. Opened once. Rejects with a WorkbookError, "model-needed" for a hash that this browser does not keep; a failure is
 * forgotten, so that it can be tried again.
 */
export function siteModel(model: string | null): Promise<Bundle> {
  const isKept = model !== null && isModelHash(model);
  const key = isKept ? model : new URL(model ?? "./", embedded).href;
  const known = opened.get(key) ?? (isKept ? keptModel(model) : openBundle(httpBundle(new URL(key))));
  opened.set(key, known);
  known.catch(() => opened.delete(key));
  return known;
}

async function keptModel(hash: string): Promise<Bundle> {
  const stored = await openOpfs().then((store) => storedBundle(store, hash));
  const source: BundleSource = {
    ...stored,
    read: (path, signal) => stored.read(path, signal).catch((cause: unknown) => Promise.reject(notKept(hash, cause)))
  };
  return openBundle(source);
}

function notKept(hash: string, cause: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "model",
      code: "model-needed",
      fault: `this browser does not keep the model ${hash.slice(0, 8)} whole`,
      remedy: "choose the model again under Model, or take the demo's"
    },
    {cause}
  );
}
