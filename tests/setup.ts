import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {ensureDemoModel} from "../src/components/runtime/demo-model.js";

/**
 * Before any test: the embedded model, which is made from its seed where it is missing, a folder for what test files of this run share
 * (WORKBOOK_TEST_RUN), removed at its end, and threads that sleep while they wait, since two tests run at once.
 */
export default async function setup(): Promise<() => void> {
  await ensureDemoModel();
  const folder = mkdtempSync(join(tmpdir(), "workbook-run-"));
  process.env["WORKBOOK_TEST_RUN"] = folder;
  process.env["UCE_WORKBOOK_SPIN"] ??= "off";
  return () => rmSync(folder, {recursive: true, force: true});
}
