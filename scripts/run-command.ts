import {main} from "../src/components/runtime/cli/main.js";

/** Runs a command of the command line in this process, without a word on standard output; throws an Error with what it says if it fails. */
export async function runCommand(...args: string[]): Promise<void> {
  let errors = "";
  const stderr = {write: (part: string) => (errors += part)};
  const status = await main(args, {stdout: {isTTY: false, write: () => true}, stderr});
  if (status !== 0) throw new Error(errors);
}
