import {cp, mkdir, readdir, readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {WorkbookError} from "../../core/errors.js";

/** A built workbook that a report may carry: its folder, and how many bytes it adds. */
export interface LiveWorkbook {
  folder: string;
  bytes: number;
}

/** Where the live workbook finds its data, below its folder: `from=site` in an address names a file there. */
const dataFolder = "data/live";

/**
 * The workbook in `folder`, if a report may carry it. Throws a WorkbookError of domain "usage" if it is no built workbook ("no-workbook"), if its pages
 * may call other origins ("open-workbook"), or if it has another model than the one in the folder `model` ("other-model").
 */
export async function requireLiveWorkbook(folder: string, model: string): Promise<LiveWorkbook> {
  const page = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  const own = await readFile(join(folder, "data/model/manifest.json")).catch(() => null);
  const build = "npm run build -- --closed";
  if (!page.includes("observablehq") || own === null)
    throw refused("no-workbook", `--live ${folder} is no built workbook`, `${build}, then give the folder dist`);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  if (!/connect-src 'self' blob: data:(;|$)/.test(policy))
    throw refused(
      "open-workbook",
      `pages of the workbook in ${folder} may call any address`,
      `build it closed: ${build}`
    );
  if (!own.equals(await readFile(join(model, "manifest.json"))))
    throw refused(
      "other-model",
      `the workbook in ${folder} has another model than the report`,
      "put the report's model into src/data/model and build the workbook again"
    );
  return {folder, bytes: await bytesBelow(folder)};
}

/** Copies the workbook to `target`, and has `fill` put data where it finds them. */
export async function copyWorkbook(
  {folder}: LiveWorkbook,
  target: string,
  fill: (folder: string) => Promise<void>
): Promise<void> {
  await cp(folder, target, {recursive: true});
  await mkdir(join(target, dataFolder), {recursive: true});
  await fill(join(target, dataFolder));
}

/** The address of the live workbook with a file of its own open, as seen from the site's root. */
export function liveAddress({name, identity}: {name: string; identity: string}): string {
  return `live/index.html?${new URLSearchParams({data: identity, name, from: "site"}).toString()}`;
}

async function bytesBelow(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, {recursive: true, withFileTypes: true}))
    if (entry.isFile()) sum += (await stat(join(entry.parentPath ?? entry.path, entry.name))).size;
  return sum;
}

function refused(code: string, fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "usage", code, fault, remedy});
}
