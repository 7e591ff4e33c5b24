import {sha256} from "../sha256.js";

/** What stands for several files in one: SHA-256, as hex, of what stands for each (identities, or hashes of contents), in their order. */
export async function joinedHash(texts: readonly (string | null | undefined)[]): Promise<string> {
  return sha256(new TextEncoder().encode(`joined files\n${texts.join("\n")}\n`));
}
