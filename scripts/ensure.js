// Installs what the checkout lacks, so that every command works on a machine with only Node and npm.
// Plain JavaScript and Node's own modules only: it runs before anything is installed.
import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `npm ci` if node_modules is not what package-lock.json asks for; throws with npm's own output shown if that fails. */
export function ensureDependencies() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Error(`Node ${process.versions.node} is too old: install Node 20 or later`);
  }
  if (isInstalled()) return;
  process.stderr.write("Installing dependencies (npm ci), once; this takes a minute or two …\n");
  const npm = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32"
  });
  if (npm.status !== 0)
    throw new Error("npm ci failed (its output is above): check the network, then run the command again");
}

function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, "utf8")).packages;
  const want = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(want).every(
    ([path, {version, optional}]) => path === "" || optional || have[path]?.version === version
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    ensureDependencies();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
