import {execFileSync, spawnSync} from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {cli, cliOnTerminal, run, shell as bash, start} from "./run-program.js";

const cells = "tests/fixtures/anndata/columns.h5ad";
/** Two cells: what is asked here does not hang on how many. */
const some = ["--rows", "0-1"];
const hasFull = existsSync("/dev/full");

let folder: string;
let whole: Buffer;
const at = (name: string) => join(folder, name);
const shell = (line: string, temporary = folder) => bash(line, temporary);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "outputs-"));
  chmodSync(folder, 0o755);
  expect(await cli("embed", cells, ...some, "--out", at("whole.arrow"))).toMatchObject({status: 0});
  whole = readFileSync(at("whole.arrow"));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("--out -", () => {
  test("writes the bytes that --out FILE writes, and its facts to standard error", async () => {
    const {status, output, errors} = await run(["embed", cells, ...some, "--out", "-"]);
    expect(status).toBe(0);
    expect(output.equals(whole)).toBe(true);
    expect(errors).toMatch(/^-: \d+ cells.* s\n/m);
    await shell(`node src/cli.js embed ${cells} ${some.join(" ")} --out - > ${at("redirected.arrow")}`);
    expect(readFileSync(at("redirected.arrow")).equals(whole)).toBe(true);
  });

  test("is refused on a terminal, beside --json, and for a bundle, before anything is computed", async () => {
    expect(await cliOnTerminal("embed", cells, "--out", "-")).toMatchObject({
      status: 1,
      errors: expect.stringContaining("standard output is a terminal")
    });
    expect(await cli("embed", cells, "--out", "-", "--json")).toMatchObject({
      status: 1,
      errors: expect.stringContaining("both take standard output")
    });
    expect(await cli("convert", "tests/fixtures/model", "--out", "-")).toMatchObject({
      status: 1,
      errors: expect.stringContaining("a bundle, which is a folder")
    });
    expect(existsSync("-")).toBe(false);
  });
});

describe("--out through a symbolic link", () => {
  test.each([
    ["to a file", "real.arrow", true],
    ["to a file that is not there yet", "later.arrow", false]
  ])("%s: what it leads to is written, the link stays one", async (_, name, there) => {
    const [deep, link] = [at(`deep-${name}`), at(`link-${name}`)];
    mkdirSync(deep);
    if (there) writeFileSync(join(deep, name), "old", {mode: 0o640});
    symlinkSync(join(`deep-${name}`, name), link);
    symlinkSync(basename(link), `${link}-2`);
    expect(await cli("embed", cells, ...some, "--out", `${link}-2`)).toMatchObject({status: 0, errors: ""});
    expect(lstatSync(link).isSymbolicLink() && lstatSync(`${link}-2`).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(deep, name)).equals(whole)).toBe(true);
    expect(readdirSync(deep)).toEqual([name]);
    if (there) expect(statSync(join(deep, name)).mode & 0o777).toBe(0o640);
  });

  test("to the input, to a folder or in a circle is refused in words", async () => {
    copyFileSync(cells, at("input.h5ad"));
    symlinkSync("input.h5ad", at("to-input"));
    symlinkSync(".", at("to-folder"));
    symlinkSync("circle-b", at("circle-a"));
    symlinkSync("circle-a", at("circle-b"));
    const refused = async (out: string, words: string) =>
      expect(await cli("embed", at("input.h5ad"), "--out", at(out))).toMatchObject({
        status: 1,
        errors: expect.stringContaining(words)
      });
    await refused("to-input", "is the file to be read");
    await refused("to-folder", "is a folder: name a file in it");
    await refused("new-folder/", "is a folder: name a file in it");
    await refused("circle-a", "circle");
    expect(readFileSync(at("input.h5ad")).equals(readFileSync(cells))).toBe(true);
  });
});

test.each(["out", "store", "model", "matrix"])(
  "an empty --%s is refused, in the folder of nobody's choice nothing is made",
  async (name) => {
    const before = readdirSync(".");
    const args = ["embed", cells, "--out", at("empty.arrow"), `--${name}`, ""];
    expect(await cli(...args)).toMatchObject({status: 1, errors: expect.stringContaining(`--${name} is empty`)});
    expect(readdirSync(".")).toEqual(before);
  }
);

test("a store that is a file is refused before anything is computed", async () => {
  writeFileSync(at("file"), "");
  for (const store of [at("file"), at("file/below")])
    expect(await cli("embed", cells, "--out", at("s.arrow"), "--store", store)).toMatchObject({
      status: 1,
      errors: expect.stringContaining("--store")
    });
});

describe("a full disk", () => {
  test.skipIf(!hasFull)("under standard output: facts are lost in words, the file is written", async () => {
    const inspect = await shell(`node src/cli.js inspect ${cells} > /dev/full`);
    expect(inspect).toEqual({
      status: 1,
      errors:
        "uce-workbook: standard output cannot be written: no space left on the disk (ENOSPC): send it elsewhere; files are written\n"
    });
    const embed = await shell(
      `node src/cli.js embed ${cells} ${some.join(" ")} --out ${at("facts.arrow")} > /dev/full`
    );
    expect(embed).toMatchObject({status: 1, errors: expect.stringContaining("no space left on the disk (ENOSPC)")});
    expect(readFileSync(at("facts.arrow")).equals(whole)).toBe(true);
    expect(await shell(`node src/cli.js inspect nowhere 2> /dev/full`)).toEqual({status: 2, errors: ""});
  });

  test.skipIf(!hasFull)("under --out -: the table is kept in the temporary folder, and named", async () => {
    const {status, errors} = await shell(`node src/cli.js embed ${cells} ${some.join(" ")} --out - > /dev/full`);
    expect({status, errors}).toMatchObject({
      status: 1,
      errors: expect.stringMatching(/^uce-workbook: standard output: no space left/)
    });
    const [, kept] = /the table is kept as (\S+): move it/.exec(errors)!;
    expect(readFileSync(kept).equals(whole)).toBe(true);
  });

  test.skipIf(!hasFull)("with --store: the vectors are kept there, and a rerun computes nothing", async () => {
    const store = at("kept-store");
    const {status, errors} = await shell(
      `node src/cli.js embed ${cells} ${some.join(" ")} --store ${store} --out - > /dev/full`
    );
    expect(status).toBe(1);
    expect(errors).toContain(`the vectors are kept in ${store}`);
    const before = readdirSync(store, {recursive: true});
    expect(before.some((name) => String(name).includes("embeddings."))).toBe(true);
    const again = await cli("embed", cells, ...some, "--store", store, "--out", at("again.arrow"));
    expect(again).toMatchObject({status: 0});
    expect(readFileSync(at("again.arrow")).equals(whole)).toBe(true);
    expect(readdirSync(store, {recursive: true})).toEqual(before);
  });

  // Without rights to make a small disk: no file may grow beyond 1 or 2 kB, the temporary folder's neither.
  test.skipIf(process.platform === "win32")(
    "under --out and TMPDIR: said so, and nothing half-written stays",
    async () => {
      const there = at("limited");
      mkdirSync(there);
      const limited = await shell(
        `ulimit -f 2; exec node src/cli.js embed ${cells} ${some.join(" ")} --out ${there}/o.arrow`,
        there
      );
      expect(limited.status).toBe(1);
      expect(limited.errors).toMatch(
        /o\.arrow cannot be written: larger than a file may be there \(EFBIG\); nothing is kept/
      );
      expect(limited.errors.trim().split("\n")).toHaveLength(1);
      expect(readdirSync(there)).toEqual([]);
    }
  );

  test("under --out alone: a small disk of its own (needs the right to mount one)", async (context) => {
    const disk = at("disk");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", disk]).status !== 0)
      return context.skip("no disk can be mounted here");
    try {
      writeFileSync(join(disk, "fill"), Buffer.alloc(4096));
      // Of all cells: the table must not fit.
      expect(await cli("embed", cells, "--out", at("all.arrow"))).toMatchObject({status: 0});
      const {status, errors} = await cli("embed", cells, "--out", join(disk, "o.arrow"));
      expect({status, errors}).toMatchObject({status: 1, errors: expect.stringContaining("(ENOSPC)")});
      const [, kept] = /the table is kept as (\S+): move it/.exec(errors)!;
      expect(readFileSync(kept).equals(readFileSync(at("all.arrow")))).toBe(true);
      rmSync(kept);
      expect(readdirSync(disk)).toEqual(["fill"]);
      const bundle = await cli("convert", "tests/fixtures/model", "--out", join(disk, "bundle"));
      expect(bundle).toMatchObject({status: expect.any(Number), errors: expect.not.stringContaining("defect")});
      expect(readdirSync(disk)).toEqual(["fill"]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  test("under TMPDIR, where a compression plugin must lie: the plugin, the folder and TMPDIR are named", async () => {
    const file = "tests/fixtures/anndata/compressed/lzf.h5ad";
    const embed = ["embed", file, "--out", at("plugin.arrow")];
    const commands = JSON.stringify([["inspect", file], embed, [...embed, "--matrix", "X"]]);
    const env = {...process.env, TMPDIR: at("no-such-folder")};
    const {output} = await start(process.execPath, ["tests/runtime/cli/run-commands.mjs", commands], {env});
    const lines = output.toString().trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const {status, errors} = JSON.parse(line) as {status: number; errors: string};
      expect(status).toBe(2);
      expect(errors).toMatch(
        /: HDF5 needs the plugin libH5Zlzf\.so as a file in \S+no-such-folder \(TMPDIR\): there is no such file/
      );
      expect(errors).toMatch(/: make room there, or set TMPDIR to a folder that can be written to\n$/);
      expect(errors).not.toMatch(/again|counts/);
    }
  });
});

test.skipIf(process.platform === "win32")(
  "a reader that has gone (| head) is no fault: nothing is said, status 141",
  async () => {
    const gone = "exec 3> >(exit 0); sleep 0.2;";
    expect(await shell(`${gone} exec node src/cli.js inspect ${cells} >&3`)).toEqual({status: 141, errors: ""});
    expect(await shell(`${gone} exec node src/cli.js help >&3`)).toEqual({status: 141, errors: ""});
    const table = await shell(`${gone} exec node src/cli.js embed ${cells} ${some.join(" ")} --out - >&3`);
    expect(table).toMatchObject({
      status: 141,
      errors: expect.stringMatching(/its reader has gone \(EPIPE\); the table is kept as/)
    });
  }
);
