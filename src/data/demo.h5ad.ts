// Data loader: the embedded demo as an h5ad file on standard output.
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {writeDemoFile} from "../components/runtime/demo-file.js";

const folder = mkdtempSync(join(tmpdir(), "demo-"));
try {
  process.stdout.write(readFileSync(await writeDemoFile(folder)));
} finally {
  rmSync(folder, {recursive: true});
}
