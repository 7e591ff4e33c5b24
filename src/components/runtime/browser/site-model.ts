import {httpBundle} from "../../adapters/http-bundle.js";
import type {Bundle} from "../../core/model/bundle.js";
import {openBundle} from "../../core/model/open-bundle.js";

/** Address of the embedded model's folder: this module stands at SITE/_import/components/runtime/browser/, wherever the site is. */
const embedded = new URL("../../../../data/model/", import.meta.url);
const opened = new Map<string, Promise<Bundle>>();

/**
 * The bundle at an address relative to the site's model (null: that one), opened once. Rejects with a WorkbookError; a failure is
 * forgotten, so that it can be tried again.
 */
export function siteModel(address: string | null): Promise<Bundle> {
  const url = new URL(address ?? "./", embedded);
  const known = opened.get(url.href) ?? openBundle(httpBundle(url));
  opened.set(url.href, known);
  known.catch(() => opened.delete(url.href));
  return known;
}
