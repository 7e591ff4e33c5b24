import {spawn} from "node:child_process";

/** Runs a program to its end, or until it has said what was waited for. */
export function ended([command, ...args]: string[], until?: RegExp): Promise<{status: number | null; said: string}> {
  return new Promise((done) => {
    let said = "";
    // A group of its own, so that what npm started ends with it.
    const child = spawn(command, args, {stdio: ["ignore", "pipe", "pipe"], detached: until !== undefined});
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (until?.test(said)) process.kill(-child.pid!, "SIGTERM");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("close", (status) => done({status, said}));
  });
}
