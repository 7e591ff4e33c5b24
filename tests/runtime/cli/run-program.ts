import {spawn} from "node:child_process";
import {join} from "node:path";
import {main} from "../../../src/components/runtime/cli/main.js";

/** What a command line has said when it has ended. */
export interface Told {
  status: number;
  text: string;
  errors: string;
}

/** A program that has ended: its exit status (null if a signal ended it) and all that it wrote. */
export interface Ended {
  status: number | null;
  output: Buffer;
  errors: string;
}

/** Runs a command line in this process: starting Node for each would take most of the time. */
export function cli(...args: string[]): Promise<Told> {
  return inProcess(args, false);
}

/** As `cli`, with a standard output that says it is a terminal. */
export function cliOnTerminal(...args: string[]): Promise<Told> {
  return inProcess(args, true);
}

async function inProcess(args: string[], isTTY: boolean): Promise<Told> {
  let text = "";
  let errors = "";
  const stdout = {isTTY, write: (part: string | Uint8Array) => (text += part)};
  const status = await main(args, {stdout, stderr: {write: (part: string) => (errors += part)}});
  return {status, text, errors};
}

/** Runs the program as people do, in a process of its own. */
export function run(
  args: string[],
  options: {env?: NodeJS.ProcessEnv; uid?: number; gid?: number} = {}
): Promise<Ended> {
  return start(process.execPath, ["src/cli.js", ...args], options);
}

/** Runs a line of bash with this Node as `node`; `temporary` is its folder for what is kept for a while. */
export async function shell(line: string, temporary: string): Promise<Omit<Ended, "output">> {
  const path = `${join(process.execPath, "..")}:${process.env["PATH"]}`;
  const {status, errors} = await start("bash", ["-c", line], {env: {...process.env, PATH: path, TMPDIR: temporary}});
  return {status, errors};
}

/** Runs a program to its end. */
export function start(command: string, args: string[], options: object): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(command, args, {...options, stdio: ["ignore", "pipe", "pipe"]});
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("close", (status) => done({status, output: Buffer.concat(output), errors}));
  });
}
