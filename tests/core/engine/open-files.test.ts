import {describe, expect, test} from "vitest";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import {OpenFiles} from "../../../src/components/core/engine/open-files.js";

interface Place {
  path: string;
  name?: string;
  identity?: string;
}

/** Files whose identity is their path; what is open and what was closed, by the number of the opening. */
function files(most = 2) {
  const [closed, lost] = [[] as number[], new Set<number>()];
  let count = 0;
  const held = new OpenFiles<Place>(async ({path, name = path}) => {
    const number = count++;
    await Promise.resolve();
    const close = () => void closed.push(number);
    return {anndata: {name} as AnnData, identity: path, bytes: number, isLost: () => lost.has(number), close};
  }, most);
  /** Uses a file until it is let go; `number` says which opening it got. */
  const hold = async (place: Place) => {
    let letGo = () => {};
    const until = new Promise<void>((resolve) => (letGo = resolve));
    let done: Promise<void> = Promise.resolve();
    const number = await new Promise<number>((resolve) => {
      done = held.use(place, {}, ({source}) => (resolve(source.bytes), until));
    });
    return {number, end: async () => (letGo(), done)};
  };
  return {held, hold, closed, lost};
}

describe("a file that is in use stays open", () => {
  test("when it is opened once more, at once or later: both have the first", async () => {
    const {hold, closed} = files();
    const [one, two] = await Promise.all([hold({path: "a"}), hold({path: "a"})]);
    expect([one.number, two.number, closed]).toEqual([0, 0, [1]]);
    const three = await hold({path: "a"});
    expect([three.number, closed]).toEqual([0, [1, 2]]);
    await Promise.all([one.end(), two.end(), three.end()]);
    expect(closed).toEqual([1, 2]);
  });

  test("when more files are opened than are kept, until it is let go", async () => {
    const {hold, closed} = files(1);
    const a = await hold({path: "a"});
    const b = await hold({path: "b"});
    expect(closed).toEqual([]);
    await a.end();
    await b.end();
    expect(closed, "b is kept").toEqual([0]);
  });

  test("when it is opened under another name, lost, or everything is closed", async () => {
    const {held, hold, closed, lost} = files();
    const a = await hold({path: "a"});
    const other = await hold({path: "a", name: "copy of a"});
    expect([other.number, closed]).toEqual([1, []]);
    await a.end();
    expect(closed).toEqual([0]);
    lost.add(1);
    held.dropLost("a");
    const again = await hold({path: "a", identity: "a"});
    expect([again.number, closed]).toEqual([2, [0]]);
    await other.end();
    held.close();
    expect(closed).toEqual([0, 1]);
    await again.end();
    expect(closed).toEqual([0, 1, 2]);
  });
});
