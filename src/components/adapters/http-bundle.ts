import {WorkbookError} from "../core/errors.js";
import type {BundleSource} from "../core/model/bundle.js";

/** A model bundle below an address of this site: `folder` ends in "/". */
export function httpBundle(folder: URL): BundleSource {
  return {
    name: folder.pathname,
    async read(path, signal) {
      const address = new URL(path, folder);
      const response = await fetch(address, {signal}).catch((cause: unknown) => {
        if (signal?.aborted) throw signal.reason;
        throw unavailable(path, "the server did not answer", cause);
      });
      if (!response.ok) throw unavailable(path, `the server answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    }
  };
}

function unavailable(path: string, why: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "model",
      code: "unavailable",
      fault: `the model's file ${path} could not be loaded, ${why}`,
      remedy: "check the connection to this site and reload the page"
    },
    {cause}
  );
}
