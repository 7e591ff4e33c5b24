import {spawnSync} from "node:child_process";
import {writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const loader = fileURLToPath(new URL("../../data/demo.h5ad.ts", import.meta.url));

/**
 * Writes the embedded demo as the site serves it into `folder` and returns its path. The loader runs in a process of its own, because
 * it stops the clock to give the same bytes each time. Throws an Error if it fails.
 */
export async function writeDemoFile(folder: string): Promise<string> {
  // Node looks for tsx from the folder that it runs in, which is anybody's.
  const options = {cwd: dirname(loader), maxBuffer: 1 << 26};
  const {status, stdout, stderr} = spawnSync(process.execPath, ["--import", "tsx", loader], options);
  if (status !== 0) throw new Error(`the demo could not be made: ${stderr}`);
  const path = join(folder, "demo.h5ad");
  await writeFile(path, stdout);
  return path;
}
