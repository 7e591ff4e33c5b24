import {expect, test, vi} from "vitest";
import {loadH5wasm} from "../../src/components/runtime/browser/load-h5wasm.js";

vi.mock("h5wasm", () => ({ready: Promise.reject(new Error("the server answered 404")), File: class {}}));

test("HDF5's library that cannot be fetched is told with a way out, each time", async () => {
  for (let i = 0; i < 2; ++i) {
    await expect(loadH5wasm()).rejects.toMatchObject({
      details: {
        domain: "file",
        code: "reader-unavailable",
        remedy: "check the connection to this site and reload the page"
      }
    });
  }
});
