import {runInNewContext} from "node:vm";

/** h5wasm's WebAssembly as a file beside its module. */
export const wasmName = "hdf5.wasm";

/** What stands before and behind its WebAssembly as text, a character a byte. */
const [before, behind] = ["return binaryDecode(", ")}function getBinarySync("];
const once = "async function instantiateAsync(binary,binaryFile,imports){";
/** From a host that names the type it is compiled while it comes, from another when it is there. */
const fetched = `${once}
  const response=await fetch(binaryFile);
  if(!response.ok)throw new Error(\`the server answered \${response.status}\`);
  if(/^application\\/wasm\\b/i.test(response.headers.get("Content-Type")))return WebAssembly.instantiateStreaming(response,imports);
  return WebAssembly.instantiate(await response.arrayBuffer(),imports);`;

/**
 * h5wasm's `hdf5_util.js` without the WebAssembly that it carries as text, which it fetches from a file beside it in place of that, and that
 * file's bytes: 4 MB of text are slow to parse, and nothing that imports them begins before. Throws if the package has changed.
 */
export function separateWasm(text: string): {text: string; wasm: Uint8Array} {
  const from = text.indexOf(before);
  const to = text.indexOf(behind);
  if (from < 0 || to < from || !text.includes(once)) throw changed("has other functions than before");
  const letters = runInNewContext(text.slice(from + before.length, to)) as string;
  const wasm = new Uint8Array(Buffer.from(letters, "latin1"));
  if (!WebAssembly.validate(wasm)) throw changed("holds its WebAssembly in another form than before");
  const place = `return new URL(${JSON.stringify(`./${wasmName}`)},import.meta.url)`;
  return {text: (text.slice(0, from) + place + text.slice(to + 1)).replace(once, () => fetched), wasm};
}

const changed = (how: string): Error => new Error(`h5wasm ${how}: change scripts/separate-wasm.ts`);
