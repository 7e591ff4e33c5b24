import {spawnSync} from "node:child_process";
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {shortManifest} from "../short-model.js";

/** A folder in which the packed package is installed, as `npm install` of its tarball leaves it. */
export interface Installed {
  /** Folder of projects: what lies in or below it imports "uce-workbook". */
  folder: string;
  /** The package in its node_modules. */
  package: string;
  /** What npm says of the tarball. */
  packed: Packed;
  remove(): void;
}

/** A tarball, as `npm pack --json` tells of it; sizes in bytes. */
export interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: {path: string; size: number}[];
}

interface Manifest {
  dependencies: Record<string, string>;
}

/**
 * Makes, packs and installs the package into a temporary folder, without a network: its dependencies, and `tools`, are linked from
 * this repository's. Sentences of the installed model have `genes` genes, so that its users' tests take seconds.
 */
export async function installPackage({genes, tools = []}: {genes: number; tools?: string[]}): Promise<Installed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "workbook-package-")));
  const made = join(folder, "made");
  const shell = process.platform === "win32";
  mkdirSync(made);
  const args = ["pack", "--json", "--offline", "--pack-destination", made];
  const npm = spawnSync("npm", args, {encoding: "utf8", shell});
  if (npm.status !== 0) throw new Error(`npm pack failed:\n${npm.stdout}${npm.stderr}`);
  const [facts] = Object.values(JSON.parse(npm.stdout) as Record<string, Packed>);
  const tarball = join(made, facts.filename);
  const installed = join(folder, "node_modules", "uce-workbook");
  mkdirSync(installed, {recursive: true});
  const tar = spawnSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"], {encoding: "utf8"});
  if (tar.status !== 0) throw new Error(`the tarball could not be unpacked: ${tar.stderr}`);
  rmSync(made, {recursive: true});
  const {dependencies} = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
  for (const name of [...Object.keys(dependencies), ...tools]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), {recursive: true});
    symlinkSync(resolve("node_modules", name), link, "junction");
  }
  const model = join(installed, "lib", "data", "model");
  writeFileSync(join(model, "manifest.json"), JSON.stringify(await shortManifest(genes, model)));
  return {
    folder,
    package: installed,
    packed: facts,
    remove: () => rmSync(folder, {recursive: true, force: true})
  };
}
