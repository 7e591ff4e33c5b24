import {spawn} from "node:child_process";
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {canList, canTrace, heldSockets, outwardCalls, quickly} from "./watch-sockets.js";

/** onnxruntime's telemetry asks for its host 9 s after the first session (1.30.0, measured); a shorter watch sees nothing. */
const watchMs = 13_000;
const cells = "tests/fixtures/anndata/columns.h5ad";
const guard = ["--import", resolve("tests/runtime/cli/refuse-network.mjs")];

const session = ["--import", "tsx", ...guard, "tests/runtime/cli/held-session.ts"];

let folder: string;
/** A session under strace, which is watched while the other tests run; when its watch is over. */
let traced: {child: ReturnType<typeof run>; over: Promise<void>} | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nothing-sent-"));
  if (!canTrace) return;
  const strace = [
    ...quickly,
    "-f",
    "-qq",
    "-e",
    "trace=network",
    "-o",
    join(folder, "trace"),
    process.execPath,
    ...session
  ];
  const child = run("strace", strace, emptyHome("traced").env);
  const over = ready(child).then(() => new Promise<void>((done) => setTimeout(done, watchMs)));
  // It is the test below that says so.
  over.catch(() => {});
  traced = {child, over};
});
afterAll(() => rmSync(folder, {recursive: true}));

/** A new empty folder, and an environment in which every place that a program may keep things in lies there. */
function emptyHome(name: string): {home: string; env: NodeJS.ProcessEnv} {
  const home = join(folder, name);
  mkdirSync(home);
  const places = ["HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP", "APPDATA", "LOCALAPPDATA"];
  const xdg = ["CACHE", "CONFIG", "DATA", "STATE"].map((kind) => `XDG_${kind}_HOME`);
  const set = [...places, ...xdg, "XDG_RUNTIME_DIR"].map((place) => [place, home]);
  const {PATH, SystemRoot} = process.env;
  return {home, env: {PATH, SystemRoot, ...Object.fromEntries(set)}};
}

describe("a folder that stands for every place where a program may keep things", () => {
  const table = () => join(folder, "embeddings.arrow");
  const commands: [name: string, args: () => string[], says: RegExp][] = [
    ["embed", () => ["embed", cells, "--out", join(folder, "one.arrow"), "--rows", "0"], /1 cells?/],
    [
      "embed on wasm",
      () => ["embed", cells, "--out", join(folder, "w.arrow"), "--rows", "0", "--backend", "wasm"],
      /1 cells?/
    ],
    [
      "embed with a store elsewhere",
      () => ["embed", cells, "--out", table(), "--store", join(folder, "store")],
      /12 cells/
    ],
    ["umap", () => ["umap", table(), "--out", join(folder, "map.arrow")], /of 12 cells mapped/],
    ["cluster", () => ["cluster", table(), "--out", join(folder, "clusters.arrow")], /12 cells/],
    [
      "label",
      () => ["label", table(), "--reference", "src/data/reference-pbmc", "--out", join(folder, "l.arrow")],
      /l\.arrow: 12 of 12 unknown/
    ],
    ["inspect", () => ["inspect", cells], /Matrices/],
    ["merge", () => ["merge", table(), "--out", join(folder, "all.arrow")], /12 cells of 1 tables?/],
    [
      "export into a copy",
      () => ["export", table(), "--into", cells, "--out", join(folder, "new.h5ad")],
      /obsm\/X_uce, uns\/uce/
    ],
    ["export to Parquet", () => ["export", table(), "--out", join(folder, "cells.parquet")], /12 cells/],
    [
      "report",
      () => ["report", cells, "--rows", "0-5", "--color", "category", "--out", join(folder, "site")],
      /report of 6 cells; published of obs: category/
    ]
  ];
  /** What each command left and said: all run in one process, since most of the time of one is its start. */
  let ran: {status: number; text: string; errors: string; left: string[]}[];
  let after: {status: number | null; errors: string; left: string[]};
  beforeAll(async () => {
    const {home, env} = emptyHome("commands");
    const program = [
      ...guard,
      "tests/runtime/cli/run-commands.mjs",
      JSON.stringify(commands.map(([, args]) => args()))
    ];
    const {status, errors, text} = await ended(run(process.execPath, program, env));
    ran = text.split("\n", commands.length).map((line) => JSON.parse(line || "{}") as (typeof ran)[number]);
    after = {status, errors, left: readdirSync(home, {recursive: true, encoding: "utf8"})};
  });

  test.each(commands.map(([name, , says], i) => [name, says, i] as const))("stays empty: %s", (_, says, i) => {
    const {status, text, left} = ran[i];
    expect({status, left}, JSON.stringify(ran[i])).toEqual({status: 0, left: []});
    expect(text).toMatch(says);
  });

  test("stays empty when their process has ended, and Node's network modules are not used", () => {
    expect(after).toEqual({status: 0, errors: "", left: []});
  });

  test("stays empty: inspect with a compression plugin, which is put into a temporary folder while it runs", async () => {
    const {home, env} = emptyHome("plugin");
    const program = [...guard, "src/cli.js", "inspect", "tests/fixtures/anndata/compressed/lzf.h5ad"];
    const {status, errors, text} = await ended(run(process.execPath, program, env));
    expect({status, errors, left: readdirSync(home, {recursive: true})}).toEqual({status: 0, errors: "", left: []});
    expect(text).toMatch(/Matrices/);
  });

  test("stays empty: parity, from any folder, as people call a program that lies elsewhere, without a word of fault", async () => {
    const {home, env} = emptyHome("parity");
    const {status, errors} = await ended(
      run(process.execPath, [...guard, resolve("src/cli.js"), "parity"], env, folder)
    );
    expect({status, errors, left: readdirSync(home, {recursive: true})}).toEqual({status: 0, errors: "", left: []});
  });
});

describe("sockets", () => {
  test.skipIf(!canTrace)("none but within the machine is made by a session that is held open (strace)", async () => {
    const {child, over} = traced!;
    await over;
    child.stdin.end();
    expect(await ended(child)).toMatchObject({status: 0});
    expect(outwardCalls(readFileSync(join(folder, "trace"), "utf8"))).toEqual([]);
  });

  // Sees what is open for some milliseconds, so not each lookup of a name; the empty folder above is the surer sign then.
  test.skipIf(canTrace || !canList)("none is held by a session that is held open (/proc)", async () => {
    const child = run(process.execPath, session, emptyHome("listed").env);
    await ready(child);
    const seen = new Set<string>();
    for (const end = Date.now() + watchMs; Date.now() < end; await new Promise((done) => setTimeout(done, 1)))
      for (const line of heldSockets(child.pid!)) seen.add(line);
    child.stdin.end();
    expect(await ended(child)).toMatchObject({status: 0});
    expect([...seen]).toEqual([]);
  });

  // Nobody answers at 192.0.2.1 (RFC 5737), and connecting a datagram socket sends nothing.
  const outward = `const s = require("node:dgram").createSocket("udp4");
    s.connect(9, "192.0.2.1", () => process.stdout.write("ready\\n")); process.stdin.on("end", () => s.close()).resume();`;

  test.skipIf(!canTrace)("the watch by strace sees a socket that leads out", async () => {
    const trace = join(folder, "outward");
    const child = run(
      "strace",
      [...quickly, "-f", "-e", "trace=network", "-o", trace, process.execPath, "-e", outward],
      process.env
    );
    await ready(child);
    child.stdin.end();
    await ended(child);
    expect(outwardCalls(readFileSync(trace, "utf8")).join("\n")).toContain("192.0.2.1");
  });

  test.skipIf(!canList)("the watch by /proc sees a socket that leads out", async () => {
    const child = run(process.execPath, ["-e", outward], process.env);
    await ready(child);
    const held = heldSockets(child.pid!);
    child.stdin.end();
    await ended(child);
    expect(held.join("\n")).toMatch(/010200C0:0009/);
  });

  test("the guard of Node's modules ends a program that asks for a name", async () => {
    const ask = ["-e", 'require("node:dns").lookup("example.invalid", () => {})'];
    expect(await ended(run(process.execPath, [...guard, ...ask], process.env))).toEqual({
      status: 70,
      text: "",
      errors: "network used: lookup of example.invalid\n"
    });
  });
});

function run(command: string, args: string[], env: NodeJS.ProcessEnv, cwd?: string) {
  return spawn(command, args, {env, cwd, stdio: ["pipe", "pipe", "pipe"]});
}

function ended(child: ReturnType<typeof run>): Promise<{status: number | null; text: string; errors: string}> {
  let [text, errors] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((done) => child.on("close", (status) => done({status, text, errors})));
}

function ready(child: ReturnType<typeof run>): Promise<void> {
  return new Promise((done, fail) => {
    child.stdout.on("data", (chunk: Buffer) => chunk.toString().includes("ready") && done());
    child.on("close", (status) => fail(new Error(`ended with ${status} before it was ready`)));
  });
}
