import type {PublishedCheckpoint} from "../core/model/published-checkpoints.js";
import {publishedAt} from "../core/model/published-checkpoints.js";
import type {CostShape, KnownPace} from "../core/model/expected-cost.js";
import {WorkbookError} from "../core/errors.js";
import type {ModelOrder, ModelOrigin} from "../runtime/browser/model-protocol.js";
import {formatBytes} from "../views/format.js";
import type {Agreed, ConsentData} from "../views/model-consent.js";
import type {WantedModel} from "../views/model-offers.js";
import {costSentences} from "./cost-words.js";

/** A model that is wanted, and what has to be asked before it is made. */
export interface ModelRequest {
  title: string;
  from: ModelOrigin;
  consent: ConsentData;
}

/**
 * What a person has to agree to before `wanted` is fetched or read; `paces` are those of the models that ran on this device. Throws a WorkbookError for an address
 * that is none.
 */
export function modelRequest(
  wanted: WantedModel,
  hosts: readonly string[] = [],
  paces: readonly KnownPace[] = []
): ModelRequest {
  if ("files" in wanted) return ofFiles(wanted.files);
  const address = "published" in wanted ? wanted.published.address : wanted.address;
  const url = httpAddress(address);
  const revision = "address" in wanted ? wanted.revision : undefined;
  const known = "published" in wanted ? wanted.published : publishedAt(address);
  const title = known?.name ?? url.pathname.split("/").findLast((part) => part !== "") ?? url.host;
  const isHub = url.hostname === "huggingface.co";
  const asked = [url.host, ...(isHub ? ["hosts of Hugging Face (hf.co) that it hands large files to"] : []), ...hosts];
  return {
    title,
    from: {address, hosts, ...(revision !== undefined && {revision})},
    consent: {
      title: revision === undefined ? title : `${title}, revision ${revision}`,
      hosts: asked,
      what: whatIsFetched(known, paces),
      humanGenes: known?.humanGenes ?? true,
      asksGenes: true
    }
  };
}

/** The order that an answer makes of a request. */
export function orderOf({from}: ModelRequest, {dictionary, species}: Agreed): ModelOrder {
  if (dictionary === null || "blob" in dictionary)
    return {from, genes: dictionary && {file: dictionary.blob, name: dictionary.name}, species};
  return {from, genes: {address: fileAddress(httpAddress(dictionary.address))}, species};
}

/** The file itself where the address is that of its page on Hugging Face. */
function fileAddress(url: URL): string {
  if (url.hostname === "huggingface.co")
    url.pathname = url.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob\//, "$1/resolve/");
  return url.href;
}

/** The host that a refused redirect led to, which may be allowed; null for another fault. */
export function redirectedTo(error: unknown): string | null {
  if (!(error instanceof WorkbookError) || error.code !== "redirected") return null;
  return /allow the host (\S+)$/.exec(error.details.remedy)?.[1] ?? null;
}

function whatIsFetched(known: PublishedCheckpoint | undefined, paces: readonly KnownPace[]): string[] {
  const parts =
    "Fetched are its configuration, the header of its weights, and then only the weights and gene rows that are needed.";
  const license = known?.facts.find(({about}) => about === "license")?.said;
  const bytes =
    known?.expectedBytes == null
      ? "How many bytes that is, its header says, which is read first; a converted model tells it in its manifest. Cancel ends it at any time."
      : `That is about ${formatBytes(known.expectedBytes)}; the header, which is read first, says it exactly. Cancel ends it at any time.`;
  const terms =
    known === undefined
      ? "License and citation: read the page that it is from."
      : `License: ${license ?? "not known here, read its page"}.`;
  return [parts, bytes, expectedCost(known?.shape ?? null, paces), terms];
}

/** What a model will take on this device, as far as its shape is known before anything is fetched. */
function expectedCost(shape: CostShape | null, paces: readonly KnownPace[]): string {
  if (shape === null)
    return "What it takes on this device follows from its header, and is shown once that was read, before anything large is fetched.";
  return costSentences(shape, paces);
}

function ofFiles(files: Extract<WantedModel, {files: unknown}>["files"]): ModelRequest {
  const names = files.map(({path}) => path.split("/").at(-1)!);
  const isBundle = names.includes("manifest.json") && !names.includes("config.json");
  const found = files.find(({path}) => /(gene|dict)[^/]*\.json$/i.test(path));
  const title = files[0].path.includes("/")
    ? files[0].path.split("/")[0]
    : files.length === 1
      ? names[0]
      : `${files.length} files`;
  const bytes = files.reduce((sum, {file}) => sum + file.size, 0);
  const what = isBundle
    ? [`It is a converted model: its files (${formatBytes(bytes)} in all) are verified and copied into this browser.`]
    : [
        `A model is made of these files (${formatBytes(bytes)}). That takes a minute or two for a model of the published size.`
      ];
  return {
    title,
    from: {files},
    consent: {
      title,
      hosts: [],
      what,
      humanGenes: true,
      asksGenes: !isBundle,
      ...(found !== undefined && {dictionary: {name: found.file.name, blob: found.file}})
    }
  };
}

function httpAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new WorkbookError({
    domain: "usage",
    code: "bad-address",
    fault: `"${text}" is no http or https address`,
    remedy: "give the address of a folder, or of a repository on Hugging Face"
  });
}
