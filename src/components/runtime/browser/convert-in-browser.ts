import {fetchRequest} from "../../adapters/http-request.js";
import {openOpfs} from "../../adapters/opfs.js";
import {convertInto} from "../../core/convert/convert-into.js";
import type {SourceOptions} from "../../core/convert/convert-source.js";
import {remoteSource} from "../../core/convert/remote-source.js";
import {patience} from "../../core/convert/retry.js";
import type {Manifest} from "../../core/model/bundle.js";

/** Choices of a conversion in a browser. */
export interface BrowserConversion extends Omit<SourceOptions, "unfinished"> {
  /** Revision of a repository; by default the address's, or main. */
  revision?: string;
  /** Hosts that the address may hand its files over to. */
  hosts?: readonly string[];
}

/**
 * Converts the checkpoint at an address into this browser's storage and returns the model's hash and manifest. For a worker:
 * folding takes the thread. Throws what `convertInto` throws, and "storage-denied" where the browser keeps nothing.
 */
export async function convertInBrowser(
  address: string,
  {revision, hosts, ...options}: BrowserConversion
): Promise<{hash: string; manifest: Manifest}> {
  const source = remoteSource(address, {request: fetchRequest({hosts}), patience}, revision);
  return convertInto(await openOpfs(), source, options);
}
