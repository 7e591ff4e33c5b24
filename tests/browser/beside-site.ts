import type {IncomingMessage} from "node:http";
import type {BrowserContext} from "playwright-core";
import type {Given} from "../../scripts/serve.js";

/** What tests put beside a site, by path below its base. */
const shared = new Map<string, Given>();
/** Manifests of the embedded model by the number of genes of a sentence, for pages with that cookie. */
const manifests = new Map<string, Given>();
const cookie = "test-genes";

/** What the server of a site asks first (scripts/serve.js): no page has to be intercepted, which would take every request of it through this process and turn its cache off. */
export function besideSite(path: string, {headers}: IncomingMessage): Given | undefined {
  if (path !== "data/model/manifest.json") return shared.get(path);
  const genes = new RegExp(`(?:^|; )${cookie}=(\\d+)`).exec(headers.cookie ?? "")?.[1];
  return genes === undefined ? undefined : manifests.get(genes);
}

/** Puts `given` beside every site at `path`; the answer takes it away. */
export function putBeside(path: string, given: Given): () => void {
  shared.set(path, given);
  return () => shared.delete(path);
}

/** Has pages of a context, from now on, get `manifest` as that of the embedded model, whose sentences have `genes` genes. */
export async function giveManifest(context: BrowserContext, genes: number, manifest: object): Promise<void> {
  manifests.set(String(genes), {type: "application/json", body: JSON.stringify(manifest)});
  await context.addCookies([
    {name: cookie, value: String(genes), domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Lax"}
  ]);
}
