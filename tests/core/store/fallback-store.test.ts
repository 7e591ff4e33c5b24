import {expect, test} from "vitest";
import {fallbackStore} from "../../../src/components/core/store/fallback-store.js";
import {memoryStore, type ObjectStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore} from "../../../src/components/core/store/result-store.js";
import {int32Column, tableOf} from "../../../src/components/core/tables/columns.js";

const table = (value: number) => tableOf([int32Column("n", Int32Array.of(value))], new Map());

/** A store that gives names alone, as a browser's does, and lists nothing; with room for `most` objects. */
function namesOnly(most: number): ObjectStore {
  const objects = memoryStore();
  return {
    ...objects,
    async write(name, bytes) {
      if ((await objects.list("")).length >= most) throw new DOMException("full", "QuotaExceededError");
      await objects.write(name, bytes);
    },
    list: () => Promise.reject(new Error("sizes were asked for")),
    names: async (folder) => (await objects.list(folder)).map(({name}) => name)
  };
}

test("results are found by their names in both places, those that the first has no room for too, without a look at sizes", async () => {
  const store = createResultStore(fallbackStore(namesOnly(1), memoryStore()));
  await store.write("key", "cells", table(1));
  await expect(store.write("key", "genes", table(2))).rejects.toThrow("full");
  await store.write("key", "cells", table(1));
  const read = async (name: string) => (await store.read("key", name))?.getChild("n")?.get(0) as unknown;
  expect([await read("cells"), await read("genes"), await read("umap")]).toEqual([1, 2, undefined]);
  await store.remove("key", "genes");
  expect(await read("genes")).toBeUndefined();
});
