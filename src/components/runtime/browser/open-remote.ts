import {fetchRequest} from "../../adapters/http-request.js";
import {openAnnData} from "../../core/anndata/anndata.js";
import type {OpenSource} from "../../core/engine/open-source.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import {openRemoteData, type Traffic} from "../../core/remote/open-remote-data.js";
import {patience} from "../../core/remote/retry.js";
import {openByteFile} from "./open-byte-file.js";
import {waitHere, waitingRequest} from "./waiting-request.js";

/**
 * Opens a file of cells by its address in a worker; reads what is asked for, by ranges. `onProgress` is told the bytes read so far, of all. Rejects with a
 * WorkbookError as `openRemoteData` and `openH5` do; "not-readable" where the host does not let this site read it, or does not answer.
 */
export async function openRemote(
  address: string,
  onProgress: (done: number, total: number) => void = () => {}
): Promise<OpenSource> {
  const onTraffic = ({bytes, of}: Traffic): void => onProgress(bytes, of);
  const deps = {request: fetchRequest({domain: "file"}), waiting: waitingRequest, sleep: waitHere, onTraffic};
  const hurried = {...patience, attempts: 3};
  const data = await openRemoteData(address, {...deps, patience: hurried}).catch((error: unknown) => {
    throw isWorkbookError(error) && error.code === "unreachable" ? notReadable(address, error) : error;
  });
  const reader = await openByteFile(data.file);
  try {
    const anndata = openAnnData(reader);
    const identity = await data.identity();
    return {anndata, identity, bytes: data.file.byteLength, isLost: data.isLost, close: () => anndata.close()};
  } catch (error) {
    reader.close();
    throw error;
  }
}

/** A browser does not tell a host that forbids reading from one that does not answer. */
function notReadable(address: string, cause: unknown): WorkbookError {
  const {host} = new URL(address);
  return new WorkbookError(
    {
      domain: "file",
      code: "not-readable",
      fault: `${address}: ${host} does not answer, or does not let pages of ${location.origin} read it`,
      remedy: `download the file and open it from your disk; the host must send Access-Control-Allow-Origin: * (or ${location.origin}) and Access-Control-Expose-Headers: Content-Range, ETag`
    },
    {cause}
  );
}
