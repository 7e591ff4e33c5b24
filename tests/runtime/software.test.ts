import {expect, it} from "vitest";
import {software as inBrowser} from "../../src/components/runtime/browser/software.js";
import {software as inNode} from "../../src/components/runtime/software.js";

it("tables made in the browser name the version that package.json has, as those made in Node do", () => {
  expect(inBrowser).toEqual(inNode);
});
