// node --import tsx tests/run-scripts.ts JSON: runs scripts of the repository one after another in this process, each as if it had been started alone
// (Node, the modules that they share and a Chromium are started once). JSON is a list of [script, ...arguments]; a line of JSON tells of each how it ended.
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {shareChromium} from "./browser/chromium.js";

/** How a script ended. */
export interface ScriptEnd {
  script: string;
  status: number;
  /** All that it wrote, on both streams. */
  said: string;
}

/** Thrown where a script ends the process. */
class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

/** The `n`th script: a module is run once only, unless its address is another. */
async function runScript(script: string, args: string[], n: number): Promise<ScriptEnd> {
  let said = "";
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  const {exit, env} = process;
  for (const stream of streams)
    stream.write = (part: string | Uint8Array, ...rest: unknown[]) => {
      said += typeof part === "string" ? part : Buffer.from(part).toString();
      const written = rest.at(-1);
      if (typeof written === "function") process.nextTick(written);
      return true;
    };
  process.argv = [process.execPath, resolve(script), ...args];
  process.exitCode = undefined;
  process.env = {...env};
  process.exit = (status) => {
    throw new Exit(Number(status ?? process.exitCode ?? 0));
  };
  let status = 0;
  try {
    await import(`${pathToFileURL(resolve(script)).href}?${n}`);
    status = Number(process.exitCode ?? 0);
  } catch (error) {
    status = error instanceof Exit ? error.status : 1;
    if (status !== 0) said += (error as Error).stack;
  }
  process.exitCode = undefined;
  process.exit = exit;
  process.env = env;
  streams.forEach((stream, i) => (stream.write = writes[i]));
  return {script, status, said};
}

if (process.argv[2]?.startsWith("[")) {
  const close = shareChromium();
  for (const [n, [script, ...args]] of (JSON.parse(process.argv[2]) as string[][]).entries())
    process.stdout.write(`${JSON.stringify(await runScript(script, args, n))}\n`);
  await close();
}
