/**
 * What reading a large h5ad by its address costs: opens it on a local host that honors ranges, embeds its first cells as the command line does, and tells the
 * requests and bytes, for several sizes of blocks. Make the file with scripts/make-large-h5ad.ts.
 *
 *     node --import tsx scripts/measure-remote.ts FILE.h5ad [--cells 100] [--delay 20] [--blocks 32,64,128,256]
 */
import {mkdtempSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, dirname, join, resolve} from "node:path";
import {parseArgs} from "node:util";
import {blockDefaults} from "../src/components/core/remote/block-cache.js";
import {main} from "../src/components/runtime/cli/main.js";
import {serveRanges} from "../tests/runtime/serve-ranges.js";

const {
  values: options,
  positionals: [path]
} = parseArgs({
  allowPositionals: true,
  options: {
    cells: {type: "string", default: "100"},
    delay: {type: "string", default: "20"},
    blocks: {type: "string", default: String(blockDefaults.blockBytes / 1024)}
  }
});
if (path === undefined) throw new Error("name the file: measure-remote.ts FILE.h5ad");

const folder = mkdtempSync(join(tmpdir(), "measure-remote-"));
const server = await serveRanges(dirname(resolve(path)), {delay: Number(options.delay)});
const address = `${server.address}plain/${basename(path)}`;
const commands: [string, string[]][] = [
  ["inspect", ["inspect", address]],
  [`sentences of ${options.cells} cells`, ["sentences", address, "--out", join(folder, "s.arrow"), ...rows()]],
  [`embed ${options.cells} cells`, ["embed", address, "--out", join(folder, "e.arrow"), ...rows()]]
];
console.log(`${basename(path)}: ${(statSync(path).size / 1e9).toFixed(2)} GB, ${options.delay} ms before each answer`);
try {
  for (const block of options.blocks.split(",")) {
    blockDefaults.blockBytes = Number(block) * 1024;
    for (const [name, command] of commands) {
      await server.reset();
      const begin = performance.now();
      const quiet = {write: () => true};
      const status = await main(command, {
        stdout: quiet,
        stderr: {write: (text: string) => process.stderr.write(text)}
      });
      const seconds = (performance.now() - begin) / 1000;
      const {requests, bytes} = await server.stats();
      console.log(
        `blocks of ${block} KiB, ${name}: ${requests} requests, ${(bytes / 1e6).toFixed(1)} MB, ${seconds.toFixed(1)} s` +
          (status === 0 ? "" : ` (exit status ${status})`)
      );
    }
  }
} finally {
  await server.close();
  rmSync(folder, {recursive: true});
}

function rows(): string[] {
  return ["--rows", `0-${Number(options.cells) - 1}`];
}
