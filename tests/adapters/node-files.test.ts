import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readFile, readdir, rename, rm, utimes, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {
  folderBundle,
  folderWorkspace,
  openFileReader,
  writeFileAtomically,
  writeFolderAtomically
} from "../../src/components/adapters/node-files.js";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "node-files-"))));
afterEach(() => rm(folder, {recursive: true, force: true}));

describe("files in Node", () => {
  it("are read by range, and a range that is not there is a fault in words", async () => {
    await writeFile(join(folder, "x"), "0123456789");
    const reader = await openFileReader(join(folder, "x"));
    expect(reader).toMatchObject({name: "x", byteLength: 10});
    expect(new TextDecoder().decode(await reader.slice(3, 6))).toBe("345");
    await expect(reader.slice(8, 12)).rejects.toThrow(/ended at byte 10 while bytes 8 to 12/);
    await expect(reader.slice(0, 1, AbortSignal.abort())).rejects.toMatchObject({name: "AbortError"});
    await reader.close();
    await expect(openFileReader(join(folder, "none"))).rejects.toThrow(/none: .*there is no such file/);
  });

  it("appear whole: over an old file, in a new folder, without leftovers", async () => {
    const path = join(folder, "deep/er/file");
    await writeFileAtomically(path, new TextEncoder().encode("one"));
    await writeFileAtomically(path, new TextEncoder().encode("two"));
    expect(await readFile(path, "utf8")).toBe("two");
    expect(await readdir(join(folder, "deep/er"))).toEqual(["file"]);
    await mkdir(join(folder, "taken"));
    await expect(writeFileAtomically(join(folder, "taken"), new Uint8Array(1))).rejects.toMatchObject({
      details: {domain: "file"}
    });
    expect(await readdir(folder)).toEqual(["deep", "taken"]);
  });

  it("make bundles that can be read back, with a clear fault for a missing file", async () => {
    await folderWorkspace(folder).write("a/b.bin", Uint8Array.of(1, 2, 3));
    expect(await folderBundle(folder).read("a/b.bin")).toEqual(Uint8Array.of(1, 2, 3));
    await folderWorkspace(folder).remove("a/b.bin");
    await folderWorkspace(folder).remove("a/b.bin");
    await expect(folderBundle(folder).read("a/b.bin")).rejects.toThrow(/no such file/);
    await expect(folderBundle(folder).read("manifest.json")).rejects.toThrow(
      /manifest\.json cannot be used, there is no such file.*complete model bundle/
    );
  });
});

describe("a folder written atomically", () => {
  const fill = (text: string) => (temporary: string) => writeFile(join(temporary, "f"), text);
  const target = () => join(folder, "model");

  it("replaces the old one whole", async () => {
    await writeFolderAtomically(target(), fill("old"));
    await writeFile(join(target(), "stray"), "");
    await writeFolderAtomically(target(), fill("new"));
    expect(await readdir(target())).toEqual(["f"]);
    expect(await readFile(join(target(), "f"), "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["model"]);
  });

  it("leaves the old one alone if filling fails", async () => {
    await writeFolderAtomically(target(), fill("old"));
    await expect(writeFolderAtomically(target(), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await readFile(join(target(), "f"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model"]);
  });

  it("is a fault in words where the system refuses", async () => {
    await writeFile(join(folder, "file"), "");
    const inFile = writeFolderAtomically(join(folder, "file/model"), fill("new"));
    await expect(inFile).rejects.toMatchObject({details: {domain: "file", remedy: expect.stringContaining("folder")}});
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("keeps one of several written at once, complete, and no leftovers", async () => {
    const keep = async () => existsSync(join(target(), "f"));
    await Promise.all(
      Array.from({length: 8}, (_, i) => writeFolderAtomically(target(), fill(`writer ${i}`), i % 2 ? keep : undefined))
    );
    expect(await readFile(join(target(), "f"), "utf8")).toMatch(/^writer \d$/);
    expect(await readdir(folder)).toEqual(["model"]);
  });

  it("clears away what a killed process has left, puts an old folder back, and leaves a living one's alone", async () => {
    const filling = join(folder, "filling.mjs");
    const adapter = new URL("../../src/components/adapters/node-files.ts", import.meta.url).href;
    await writeFile(
      filling,
      `import {writeFileSync} from "node:fs";
       import {writeFolderAtomically} from ${JSON.stringify(adapter)};
       await writeFolderAtomically(${JSON.stringify(target())}, async (temporary) => {
         writeFileSync(temporary + "/f", "half");
         process.stdout.write("filling");
         await new Promise((resolve) => setTimeout(resolve, 60_000));
       });`
    );
    const child = spawn(process.execPath, ["--import", "tsx", filling]);
    await new Promise((resolve) => child.stdout.on("data", resolve));
    const hidden = async () => (await readdir(folder)).filter((name) => name.startsWith(".model."));
    expect(await hidden()).toHaveLength(1);
    await writeFolderAtomically(target(), fill("while it lives"));
    expect(await hidden()).toHaveLength(1);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.on("close", resolve));
    const [left] = await hidden();
    // As if it had been killed between the two renames: the old folder is the only whole one.
    await rename(target(), join(folder, `${left}.old`));
    await expect(writeFolderAtomically(target(), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await hidden()).toEqual([]);
    expect(await readFile(join(target(), "f"), "utf8")).toBe("while it lives");
  }, 60_000);

  it("leaves the folders of another computer for a day, and names that are not its own for ever", async () => {
    const id = "01234567-89ab-cdef-0123-456789abcdef";
    const [young, old] = [`.model.7-elsewhere.${id}`, `.model.8-elsewhere.${id}`];
    for (const name of [young, old, ".model.unfinished", ".models"]) await mkdir(join(folder, name));
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
    await utimes(join(folder, old), yesterday, yesterday);
    await writeFolderAtomically(target(), fill("new"));
    expect((await readdir(folder)).sort()).toEqual([young, ".model.unfinished", ".models", "model"].sort());
  });
});
