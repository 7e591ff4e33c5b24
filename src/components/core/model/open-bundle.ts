import {WorkbookError} from "../errors.js";
import {bundlePaths} from "./bundle-paths.js";
import type {Bundle, BundleFile, BundleSource} from "./bundle.js";
import {decodeGeneTable} from "./genes-arrow.js";
import {parseManifest} from "./manifest.js";
import {modelIdentity} from "./model-identity.js";
import {sha256} from "../sha256.js";
import {tableTokens} from "./table-tokens.js";

/**
 * Opens a model bundle: reads and checks manifest.json and genes.arrow, nothing else. Other files are read on demand
 * through `file`, which verifies size and sha256. Throws a WorkbookError of domain "model".
 */
export async function openBundle(source: BundleSource, signal?: AbortSignal): Promise<Bundle> {
  const bytes = await source.read(bundlePaths.manifest, signal);
  const manifest = parseManifest(bytes, source.name);
  const files = new Map<string, BundleFile>();
  for (const variant of manifest.variants) for (const file of variant.files) files.set(file.path, file);

  async function file(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const entry = files.get(path);
    if (entry === undefined) {
      throw damaged(source, "not-listed", `the manifest of model bundle ${source.name} lists no ${path}`, path);
    }
    const content = await source.read(path, signal);
    signal?.throwIfAborted();
    if (content.byteLength !== entry.bytes) {
      const sizes = `${content.byteLength} bytes where the manifest says ${entry.bytes}`;
      throw damaged(source, "wrong-size", `${path} has ${sizes}`, path);
    }
    if ((await sha256(content)) !== entry.sha256) {
      throw damaged(source, "wrong-checksum", `${path} is not what the manifest describes (wrong checksum)`, path);
    }
    return content;
  }

  const {genes, rows} = decodeGeneTable(await file(bundlePaths.genes, signal));
  const tokens = tableTokens(genes, manifest.sentence);
  const tableRow = new Map(Array.from(tokens, (token, row) => [token, row]));
  const wrong = genes.findIndex(({token}, i) => tableRow.get(token) !== rows[i]);
  if (wrong >= 0 || tokens.length !== manifest.tableRows) {
    const gene = genes[wrong];
    const fault =
      gene === undefined
        ? `the gene table makes ${tokens.length} table rows where the manifest says ${manifest.tableRows}`
        : `gene ${gene.symbol} is given table row ${rows[wrong]}, its place is ${tableRow.get(gene.token)}`;
    throw damaged(source, "bad-gene-table", fault, bundlePaths.genes);
  }
  const stored = (path: string, cancel?: AbortSignal) => source.read(path, cancel);
  return {manifest, hash: await modelIdentity(bytes, manifest), genes, tableRow, stored, file};
}

function damaged(source: BundleSource, code: string, fault: string, place: string): WorkbookError {
  return new WorkbookError({
    domain: "model",
    code,
    fault,
    place: `${source.name}/${place}`,
    remedy: "download the bundle again or convert the checkpoint again"
  });
}
