import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {delimiter, join} from "node:path";

/** A browser that the tests drive. */
export interface BrowserKind {
  /** What people call it. */
  name: string;
  /** Variable of the environment that names its path. */
  variable: string;
  /** Names of its program, the best first. */
  programs: string[];
  /** Where it lies on a Mac. */
  applications: string[];
  /** Debian's package. */
  package: string;
  /** How to get it where there is no such package. */
  elsewhere: string;
}

/**
 * Path of a browser: what its variable names, or one that is installed; as root on Debian, one is installed first. Throws with the ways
 * to get one where there is none: a browser test never passes without its browser.
 */
export function findBrowser(kind: BrowserKind): string {
  const {name, variable, elsewhere} = kind;
  const chosen = process.env[variable];
  if (chosen !== undefined && chosen !== "") {
    if (!existsSync(chosen))
      throw new Error(`${variable} is "${chosen}", where there is no file: set it to the path of ${name}`);
    return chosen;
  }
  const found = installed(kind);
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) installOnDebian(kind);
  const now = installed(kind);
  if (now !== undefined) return now;
  throw new Error(
    `The browser tests need ${name} and found none: install it (Debian: apt-get install ${kind.package}; ` +
      `elsewhere: ${elsewhere}), or set ${variable} to its path`
  );
}

function installed({programs, applications}: BrowserKind): string | undefined {
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter), "/snap/bin"];
  return [...programs.flatMap((program) => folders.map((folder) => join(folder, program))), ...applications].find(
    (path) => existsSync(path)
  );
}

function installOnDebian({name, package: wanted}: BrowserKind): void {
  process.stderr.write(`Installing ${name} for the browser tests (apt-get), once …\n`);
  const env = {...process.env, DEBIAN_FRONTEND: "noninteractive"};
  // Another test file's worker may be installing the other browser.
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  const install = [...wait, "install", "-y", "-qq", "--no-install-recommends", wanted];
  const run = (args: string[]) => spawnSync("apt-get", args, {env, encoding: "utf8"});
  if (run(install).status === 0) return;
  run([...wait, "update", "-qq"]);
  const {status, stderr} = run(install);
  if (status !== 0) process.stderr.write(`apt-get install ${wanted} failed: ${stderr}\n`);
}
