import {expect, test} from "vitest";
import {memoryStore} from "../../../src/components/core/store/object-store.js";

test("the page's memory has every method that a store may have, since a proxy of it cannot say which it lacks", async () => {
  const memory = memoryStore();
  for (const name of ["results/a/one", "results/a/two", "results/ab/three"])
    await memory.write(name, new Uint8Array(1));
  for (const folder of ["", "results", "results/a"]) {
    const listed = (await memory.list(folder)).map(({name}) => name);
    expect((await memory.names!(folder)).sort()).toEqual(listed);
  }
  expect(await memory.names!("results/a")).toHaveLength(2);
});
