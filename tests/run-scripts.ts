// node --import tsx tests/run-scripts.ts JSON: runs scripts of the repository one after another in this process, each as if it had been started alone
// (Node and the modules that they share are loaded once). JSON is a list of [script, ...arguments]; a line of JSON tells of each how it ended.
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";

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

async function runScript(script: string, args: string[]): Promise<ScriptEnd> {
  let said = "";
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  const {exit} = process;
  for (const stream of streams)
    stream.write = (part: string | Uint8Array) => {
      said += typeof part === "string" ? part : Buffer.from(part).toString();
      return true;
    };
  process.argv = [process.execPath, resolve(script), ...args];
  process.exitCode = undefined;
  process.exit = (status) => {
    throw new Exit(Number(status ?? process.exitCode ?? 0));
  };
  let status = 0;
  try {
    await import(pathToFileURL(resolve(script)).href);
    status = Number(process.exitCode ?? 0);
  } catch (error) {
    status = error instanceof Exit ? error.status : 1;
    if (status !== 0) said += (error as Error).stack;
  }
  process.exitCode = undefined;
  process.exit = exit;
  streams.forEach((stream, i) => (stream.write = writes[i]));
  return {script, status, said};
}

if (process.argv[2]?.startsWith("["))
  for (const [script, ...args] of JSON.parse(process.argv[2]) as string[][])
    process.stdout.write(`${JSON.stringify(await runScript(script, args))}\n`);
