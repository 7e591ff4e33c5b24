import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {afterAll, afterEach, expect, test, vi} from "vitest";
import {separateWasm, wasmName} from "../../scripts/separate-wasm.js";

const whole = readFileSync("node_modules/h5wasm/dist/esm/hdf5_util.js", "utf8");
const {text, wasm} = separateWasm(whole);
const folder = mkdtempSync(join(tmpdir(), "h5wasm-"));
writeFileSync(join(folder, "util.mjs"), text);
afterAll(() => rmSync(folder, {recursive: true}));
afterEach(() => vi.unstubAllGlobals());

type Factory = (options: object) => Promise<{H5F_ACC_RDONLY: number}>;

/** The module whose bytes come by `answer`; where it asked for them. */
async function load(answer: () => Response): Promise<{module: ReturnType<Factory>; asked: string[]}> {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: URL) => (asked.push(address.href), answer()));
  const {default: make} = (await import(pathToFileURL(join(folder, "util.mjs")).href)) as {default: Factory};
  return {module: make({noInitialRun: true}), asked};
}

const bytes = (type: string) => () => new Response(wasm.slice(), {headers: {"Content-Type": type}});

test.each(["application/wasm", "application/octet-stream"])(
  "runs with its WebAssembly from a file, sent as %s",
  async (type) => {
    const {module, asked} = await load(bytes(type));
    expect((await module).H5F_ACC_RDONLY).toBe(0);
    expect(asked).toEqual([pathToFileURL(join(folder, wasmName)).href]);
    expect([text.length < 200_000, wasm.length > 3_000_000]).toEqual([true, true]);
  }
);

test("a file that is not there is told, not waited for", async () => {
  const {module} = await load(() => new Response("not found", {status: 404}));
  await expect(module).rejects.toThrow("the server answered 404");
});

test("a package that is made in another way is refused", () => {
  expect(() => separateWasm("export default 1;")).toThrow("change scripts/separate-wasm.ts");
  expect(() => separateWasm(whole.replace("\\0asm", "none").replace("\0asm", "none"))).toThrow("another form");
});
