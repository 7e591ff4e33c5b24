import {WorkbookError} from "../errors.js";
import {sha256} from "../sha256.js";
import type {ModelGene, SpeciesGenes} from "../types.js";
import {bundleFiles} from "./bundle-files.js";
import {bundlePaths} from "./bundle-paths.js";
import type {Bundle, BundleSource, Manifest} from "./bundle.js";
import {decodeGeneTable} from "./genes-arrow.js";
import {manifestFor} from "./manifest-species.js";
import {parseManifest} from "./manifest.js";
import {modelIdentity} from "./model-identity.js";
import {tableTokens} from "./table-tokens.js";

/**
 * Opens a model bundle for `species` (its first): reads and checks manifest.json and that species' genes.arrow, nothing else. Other
 * files are read on demand through `file`, which verifies size and sha256. Throws a WorkbookError of domain "model".
 */
export async function openBundle(
  source: BundleSource,
  signal?: AbortSignal,
  {species}: {species?: string} = {}
): Promise<Bundle> {
  const bytes = await source.read(bundlePaths.manifest, signal);
  const manifest = parseManifest(bytes, source.name);
  const identity = await modelIdentity(bytes);
  const opened = new Map<string, Promise<Bundle>>();
  const lists = new Map<string, SpeciesGenes>();
  const inOrder = () => manifest.species.flatMap((entry) => lists.get(entry.name) ?? []);

  function forSpecies(name: string, signal?: AbortSignal): Promise<Bundle> {
    const before = opened.get(name);
    if (before !== undefined) return before;
    const opening = openSpecies(name, signal);
    opened.set(name, opening);
    opening.catch(() => opened.delete(name));
    return opening;
  }

  async function openSpecies(name: string, signal?: AbortSignal): Promise<Bundle> {
    const own = manifestFor(manifest, name);
    const {file, stored} = filesOf(source, own, name);
    const first = name === manifest.species[0].name;
    const hash = first ? identity : await sha256(new TextEncoder().encode(`${identity} ${name}`));
    const genes = readGenes(source, own, await file(bundlePaths.genes, signal));
    lists.set(name, {name, genes: genes.genes});
    return {
      manifest: own,
      hash,
      species: name,
      get lists() {
        return inOrder();
      },
      ...genes,
      forSpecies,
      stored,
      file
    };
  }

  return forSpecies(species ?? manifest.species[0].name, signal);
}

/** Files of one species by their names, as they lie and verified. */
function filesOf(source: BundleSource, manifest: Manifest, species: string): Pick<Bundle, "file" | "stored"> {
  const files = new Map(bundleFiles(manifest).map((file) => [file.path, file]));
  const {folder} = manifest.species.find(({name}) => name === species)!;
  const place = (path: string) => (files.has(`${folder}/${path}`) ? `${folder}/${path}` : path);
  return {
    stored: (path, signal) => source.read(place(path), signal),
    async file(path, signal) {
      const entry = files.get(place(path));
      if (entry === undefined) {
        throw damaged(source, "not-listed", `the manifest of model bundle ${source.name} lists no ${path}`, path);
      }
      const content = await source.read(entry.path, signal);
      signal?.throwIfAborted();
      if (content.byteLength !== entry.bytes) {
        const sizes = `${content.byteLength} bytes where the manifest says ${entry.bytes}`;
        throw damaged(source, "wrong-size", `${entry.path} has ${sizes}`, entry.path);
      }
      if ((await sha256(content)) !== entry.sha256) {
        const fault = `${entry.path} is not what the manifest describes (wrong checksum)`;
        throw damaged(source, "wrong-checksum", fault, entry.path);
      }
      return content;
    }
  };
}

/** Genes and the table row of each token; throws where the two, and the manifest, do not agree. */
function readGenes(
  source: BundleSource,
  {sentence, tableRows}: Manifest,
  bytes: Uint8Array
): {genes: ModelGene[]; tableRow: ReadonlyMap<number, number>} {
  const {genes, rows} = decodeGeneTable(bytes);
  const tokens = tableTokens(genes, sentence);
  const tableRow = new Map(Array.from(tokens, (token, row) => [token, row]));
  const wrong = genes.findIndex(({token}, i) => tableRow.get(token) !== rows[i]);
  if (wrong >= 0 || tokens.length !== tableRows) {
    const gene = genes[wrong];
    const fault =
      gene === undefined
        ? `the gene table makes ${tokens.length} table rows where the manifest says ${tableRows}`
        : `gene ${gene.symbol} is given table row ${rows[wrong]}, its place is ${tableRow.get(gene.token)}`;
    throw damaged(source, "bad-gene-table", fault, bundlePaths.genes);
  }
  return {genes, tableRow};
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
