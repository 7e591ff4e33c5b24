import {expect, test} from "vitest";
import {removeInUse} from "../../src/components/notebook/remove-in-use.js";

function choiceOf(value: string | null, log: string[]) {
  return {
    value,
    take(hash: string | null) {
      this.value = hash;
      log.push(`take ${hash}`);
    }
  };
}

test("what is chosen gives way before it is removed; another is removed at once", async () => {
  const log: string[] = [];
  const remove = async (hash: string) => void log.push(`remove ${hash}`);
  const choice = choiceOf("a", log);
  await removeInUse("b", choice, remove);
  const removing = removeInUse("a", choice, remove);
  expect(log.splice(0)).toEqual(["remove b", "take null"]);
  await removing;
  expect([log, choice.value]).toEqual([["remove a"], null]);
});

test("what cannot be removed is chosen as before", async () => {
  const log: string[] = [];
  const choice = choiceOf("a", log);
  await expect(removeInUse("a", choice, () => Promise.reject(new Error("held open")))).rejects.toThrow("held open");
  expect([log, choice.value]).toEqual([["take null", "take a"], "a"]);
});
