import {openFileReader} from "../../src/components/adapters/node-files.js";
import {fileIdentity} from "../../src/components/core/tables/identity.js";

/** What `fileIdentity` says of the file at `path`. */
export async function identityOfFile(path: string): Promise<string> {
  const file = await openFileReader(path);
  return fileIdentity(file).finally(() => file.close());
}
