import {tableFromArrays} from "apache-arrow";
import {expect, test} from "vitest";
import {isWorkbookError} from "../../../src/components/core/errors.js";
import {createRandom} from "../../../src/components/core/random.js";
import {tableFromBytes, tableToFileBytes} from "../../../src/components/core/tables/file.js";

const whole = tableToFileBytes(tableFromArrays({a: Int32Array.of(1, 2, 3), b: ["x", "y", "z"]}));
const length = new DataView(whole.buffer, whole.byteOffset).getInt32(whole.length - 10, true);
const begin = whole.length - 10 - length;

/** What a file with a changed footer is said to be, "read" if it opens; how long that took is in milliseconds. */
function opened(change: (footer: Uint8Array) => void): {said: string; ms: number} {
  const bytes = whole.slice();
  change(bytes.subarray(begin, begin + length));
  const start = performance.now();
  let said = "read";
  try {
    tableFromBytes(bytes, "the reference");
  } catch (error) {
    said = isWorkbookError(error) ? error.code : String(error);
  }
  return {said, ms: performance.now() - start};
}

test("a footer of garbage is refused by name, at once, wherever its bytes are wrong", () => {
  expect(opened(() => {}).said).toBe("read");
  const {next} = createRandom(5);
  const found = new Map<string, number>();
  for (let k = 0; k < 600; ++k) {
    const {said, ms} = opened((footer) => {
      if (k % 3 === 0) footer.forEach((_, i) => (footer[i] = Math.floor(256 * next())));
      else for (let i = 0; i < 4; ++i) footer[Math.floor(length * next())] = Math.floor(256 * next());
    });
    found.set(said, (found.get(said) ?? 0) + 1);
    // One was read for half a minute, into gigabytes.
    expect(ms).toBeLessThan(2000);
  }
  // Some bytes mean nothing.
  expect([...found.keys()].sort()).toEqual(["damaged", "read"]);
  expect(found.get("damaged")).toBeGreaterThan(500);
});

test("a number of batches that the file cannot hold, and a batch where no message stands, are refused", () => {
  // The list of record batches is the last that the library writes with a count of one; its block is 24 bytes.
  const numbers = (footer: Uint8Array) => new DataView(footer.buffer, footer.byteOffset, footer.length);
  const isBlock = (view: DataView, at: number) =>
    view.getUint32(at, true) === 1 && at + 28 <= length && view.getBigInt64(at + 4, true) === 8n;
  const place = Array.from({length: length >> 2}, (_, i) => 4 * i).find((at) =>
    isBlock(numbers(whole.subarray(begin, begin + length)), at)
  );
  const at = place!;
  expect(opened((footer) => numbers(footer).setUint32(at, 0x7fffffff, true)).said).toBe("damaged");
  expect(opened((footer) => numbers(footer).setBigInt64(at + 4, 16n, true)).said).toBe("damaged");
  expect(opened((footer) => numbers(footer).setInt32(at + 12, 1 << 30, true)).said).toBe("damaged");
});
