import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {demoFile} from "../browser/workbook-page.js";
import {fileIdentity} from "../../src/components/core/tables/identity.js";
import {openNodeModel} from "../../src/components/runtime/node-model.js";

it("the map that the site brings is of the demo's file as it is made now, by the model that is shipped", async () => {
  const map = JSON.parse(readFileSync("src/data/demo-map.json", "utf8")) as {
    identity: string;
    model: string;
    rows: number[];
    positions: number[];
  };
  const demo = demoFile();
  try {
    const bytes = new Uint8Array(readFileSync(demo.path));
    expect(map.identity, "run npm run make-demo-map").toBe(
      await fileIdentity({byteLength: bytes.length, slice: (from, to) => bytes.slice(from, to)})
    );
  } finally {
    demo.remove();
  }
  expect(map.model, "run npm run make-demo-map").toBe((await openNodeModel(undefined)).hash);
  expect(map.positions).toHaveLength(2 * map.rows.length);
});
