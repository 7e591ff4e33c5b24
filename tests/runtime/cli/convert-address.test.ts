import {spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, describe, expect, test} from "vitest";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import type {Manifest} from "../../../src/components/core/model/bundle.js";
import {hashedStored, smallSizes} from "../../core/convert/hashed-file.js";
import {answer, serveCheckpoint} from "../checkpoint-server.js";
import type {CheckpointServer, Misbehavior} from "../checkpoint-server.js";
import {cli} from "./run-program.js";

const config = {...smallSizes, vocab_size: 33300, embedding_dim: 64};
const weights = encodeSafetensors(hashedStored(config));

let folder: string;
let server: CheckpointServer | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-address-"));
  mkdirSync(join(folder, "checkpoint"));
  writeFileSync(join(folder, "checkpoint", "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "checkpoint", "model.safetensors"), weights);
});
afterEach(() => server?.close());
afterAll(() => rmSync(folder, {recursive: true}));

async function serve(misbehave?: Misbehavior): Promise<string> {
  const files = new Map([
    ["org/model/resolve/main/config.json", new TextEncoder().encode(JSON.stringify(config))],
    ["org/model/resolve/main/model.safetensors", weights]
  ]);
  server = await serveCheckpoint(files, misbehave);
  return `${server.address}org/model`;
}

const manifestOf = (bundle: string) => JSON.parse(readFileSync(join(bundle, "manifest.json"), "utf8")) as Manifest;

/** Converts in a process of its own, which `signal` ends when the server has been asked `requests` times. */
async function interrupted(out: string, signal: NodeJS.Signals, requests: number): Promise<string> {
  let asked = 0;
  let reach = () => {};
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const address = await serve(({response, bytes, range}) => {
    if (++asked === requests) reach();
    if (asked < requests) return false;
    setTimeout(() => answer(response, bytes, range), 2000);
    return true;
  });
  const child = spawn(process.execPath, ["src/cli.js", "convert", address, "--out", out]);
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  await reached;
  child.kill(signal);
  await new Promise((resolve) => child.on("close", resolve));
  return errors;
}

describe("convert ADDRESS", () => {
  test("makes what a folder's files make, and reads the part that the genes need", async () => {
    const [local, remote] = ["local", "remote"].map((name) => join(folder, name));
    expect(await cli("convert", join(folder, "checkpoint"), "--out", local)).toMatchObject({
      status: 0,
      text: expect.stringMatching(/fp32: .* MB, the reference/),
      errors: ""
    });
    const address = await serve();
    expect(await cli("convert", address, "--out", remote)).toMatchObject({status: 0, errors: ""});
    expect(server!.sent()).toBeLessThan(0.65 * weights.byteLength);
    expect(readdirSync(remote).sort()).toEqual(readdirSync(local).sort());
    for (const name of readdirSync(local)) {
      if (name === "manifest.json") continue;
      expect(Buffer.compare(readFileSync(join(local, name)), readFileSync(join(remote, name))), name).toBe(0);
    }
    const [here, there] = [local, remote].map(manifestOf);
    expect(there.source.read).toEqual(here.source.read);
    expect(there.source).toMatchObject({name: "model", address: `${address}/resolve/main/`, sha256: ""});
    expect(here.source).toMatchObject({name: "checkpoint", sha256: ""});
    expect(here.source.address).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.includes("unfinished"))).toEqual([]);
  }, 60_000);

  test.each([
    ["killed", "SIGKILL" as const, /^$/],
    [
      "canceled",
      "SIGINT" as const,
      /canceled; what was read so far is kept in .*\.unfinished, and the same command goes on/
    ]
  ])(
    "goes on where it was when it was %s",
    async (name, signal, says) => {
      const out = join(folder, name);
      expect(await interrupted(out, signal, 80)).toMatch(says);
      expect(existsSync(out)).toBe(false);
      const unfinished = join(folder, `.${name}.unfinished`);
      expect(readdirSync(unfinished, {recursive: true}).length).toBeGreaterThan(50);
      const port = new URL(server!.address).port;
      await server!.close();

      server = await serveCheckpoint(
        new Map([
          ["org/model/resolve/main/config.json", new TextEncoder().encode(JSON.stringify(config))],
          ["org/model/resolve/main/model.safetensors", weights]
        ]),
        undefined,
        Number(port)
      );
      expect(await cli("convert", `${server.address}org/model`, "--out", out)).toMatchObject({status: 0, errors: ""});
      expect(server.sent()).toBeLessThan(0.5 * weights.byteLength);
      expect(existsSync(unfinished)).toBe(false);
      expect(manifestOf(out).source.read).toEqual(manifestOf(join(folder, "local")).source.read);
      // Nothing is left of the run that was killed.
      expect(readdirSync(folder).filter((entry) => entry.startsWith(`.${name}.`))).toEqual([]);
    },
    60_000
  );

  test("says what is kept where a host fails, and names options that do not go together", async () => {
    const out = join(folder, "failed");
    const address = await serve(({response, path, before}) => {
      if (!path.endsWith("safetensors") || before < 40) return false;
      response.writeHead(403).end();
      return true;
    });
    const failed = await cli("convert", address, "--out", out);
    expect(failed.status).toBe(2);
    expect(failed.errors).toMatch(
      /does not give this to everybody \(it answered 403\).*; what was read so far is kept in .*\.failed\.unfinished/
    );
    expect(existsSync(out)).toBe(false);
    const clash = await cli("convert", `${address}/tree/v1`, "--out", out, "--revision", "v2");
    expect(clash).toMatchObject({status: 1});
    expect(clash.errors).toMatch(/the address is of revision v1, and revision v2 is asked for/);
    const hosts = await cli("convert", join(folder, "checkpoint"), "--out", out, "--allow-host", "x.org");
    expect(hosts).toMatchObject({status: 1});
  }, 60_000);
});
