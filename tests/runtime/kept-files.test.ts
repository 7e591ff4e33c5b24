// @vitest-environment jsdom
import {beforeEach, expect, test, vi} from "vitest";
import {
  clearStorage,
  copiedUnasked,
  holdCopy,
  keepFile,
  keptFile,
  removeFile
} from "../../src/components/runtime/browser/kept-files.js";

/** What lies in the browser, by name, in the order in which it was written; and the places that it remembers. */
const disk = vi.hoisted(() => ({
  files: new Map<string, {size: number}>(),
  places: new Set<string>(),
  writing: [] as (() => void)[],
  slow: false
}));
vi.mock("../../src/components/adapters/opfs.js", () => {
  const list = async () => [...disk.files].map(([name, {size}]) => ({name, bytes: size}));
  return {
    openOpfs: async () => ({list, remove: async (name: string) => void disk.files.delete(name)}),
    oldestInOpfs: list,
    openOpfsFile: async (name: string) => disk.files.get(name) ?? null,
    copyToOpfs: async (name: string, {size}: Blob) => {
      if (disk.slow) await new Promise<void>((resolve) => disk.writing.push(resolve));
      disk.files.set(name, {size});
    }
  };
});
vi.mock("../../src/components/adapters/file-handles.js", () => ({
  keptHandles: async () => [],
  forgetHandles: async (identity?: string) =>
    identity === undefined ? disk.places.clear() : disk.places.delete(identity)
}));

/** Web Locks of one browser: exclusive and shared ones, in the order of asking. */
function locks() {
  type Held = {shared: boolean; ended: Promise<unknown>};
  const queues = new Map<string, Held[]>();
  return {
    async request(name: string, ...rest: unknown[]) {
      const work = rest.at(-1) as (lock: object | null) => unknown;
      const {mode, ifAvailable} = (rest.length > 1 ? rest[0] : {}) as {mode?: string; ifAvailable?: boolean};
      const held = queues.get(name) ?? [];
      const shared = mode === "shared";
      const before = held.filter((one) => !shared || !one.shared);
      if (ifAvailable && before.length > 0) return work(null);
      const running = Promise.all(before.map(({ended}) => ended)).then(() => work({name}));
      const entry: Held = {
        shared,
        ended: running.catch(() => {}).then((): unknown => held.splice(held.indexOf(entry), 1))
      };
      held.push(entry);
      queues.set(name, held);
      return running;
    }
  };
}

beforeEach(() => {
  Object.assign(disk, {writing: [], slow: false});
  disk.files.clear();
  disk.places.clear();
  vi.stubGlobal("navigator", {locks: locks()});
  return () => vi.unstubAllGlobals();
});

const file = (megabytes: number) => ({size: megabytes * 1e6}) as Blob;
const identity = (megabytes: number, name: string) => `${megabytes * 1e6}-${name}`;
const keep = (megabytes: number, name: string) => keepFile(identity(megabytes, name), file(megabytes));
const kept = () => [...disk.files.keys()].map((name) => name.replace(/^files\/\d+-/, ""));

test("copies that nobody asked for take 500 MB together: the oldest give way, but none that a page reads, nor one that was asked for", async () => {
  expect(copiedUnasked).toBe(500e6);
  for (const name of ["a", "b", "c"]) await keep(150, name);
  await keep(900, "asked");
  expect(kept()).toEqual(["a", "b", "c", "asked"]);
  await keep(100, "d");
  expect(kept()).toEqual(["b", "c", "asked", "d"]);
  const page = new AbortController();
  holdCopy(identity(150, "b"), page.signal);
  await keep(200, "e");
  expect(kept()).toEqual(["b", "asked", "d", "e"]);
  page.abort();
  await new Promise((resolve) => setTimeout(resolve, 0));
  await keep(300, "f");
  expect(kept()).toEqual(["asked", "e", "f"]);
});

test("a copy that another page is making is waited for, and not made twice; one that is cut off is none", async () => {
  disk.slow = true;
  const [first, second] = [keep(1, "a"), keep(1, "a")];
  const found = keptFile(identity(1, "a"));
  await vi.waitFor(() => expect(disk.writing).toHaveLength(1));
  disk.writing[0]();
  await Promise.all([first, second]);
  expect([await found, disk.writing.length]).toEqual([{size: 1e6}, 1]);
  disk.files.set(`files/${identity(2, "b")}`, {size: 5});
  expect(await keptFile(identity(2, "b"))).toBeNull();
});

test("removing a file takes its copy and its place, clearing those of all; results stay", async () => {
  for (const name of ["a", "b"]) {
    await keep(1, name);
    disk.places.add(identity(1, name));
  }
  await removeFile(identity(1, "a"));
  expect([kept(), [...disk.places]]).toEqual([["b"], [identity(1, "b")]]);
  await clearStorage({files: true});
  expect([kept(), disk.places.size]).toEqual([[], 0]);
});
