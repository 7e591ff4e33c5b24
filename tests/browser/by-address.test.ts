import {mkdtempSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {serveRanges, type RangeServer} from "../runtime/serve-ranges.js";
import {unpackZarr} from "../runtime/unpack-zarr.js";
import {writeSmallFile} from "../runtime/small-h5ad.js";
import {fileSite} from "./file-site.js";
import {noticesOf, settled, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 60_000});

const site = fileSite({coi: true});
let folder: string;
let path: string;
let host: RangeServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "by-address-"));
  path = await writeSmallFile(folder, {name: "cells.h5ad", cells: 3000});
  for (const [seed, name] of ["one", "two"].entries())
    await writeSmallFile(folder, {name: `${name}.h5ad`, cells: 20, seed});
  await unpackZarr("zarr-v2", folder);
  host = await serveRanges(folder);
});
afterAll(async () => {
  await host.close();
  rmSync(folder, {recursive: true});
});

test("a link carries the address of its data, which is read once a person agrees; what a host lacks is said", async () => {
  const {url, newPage, faults} = site();
  const page = await newPage();
  const file = (how: string) => `${host.address}${how}/cells.h5ad`;
  const {host: name} = new URL(host.address);
  await page.goto(`${url}stages/load?address=${encodeURIComponent(file("plain"))}`);
  const consent = page.locator(".wb-model-consent");
  await consent.waitFor();
  expect(await consent.innerText()).toContain(`Your browser will ask ${name} for parts of this file`);
  expect(await page.innerText(".wb-data-problem")).toContain(`this link reads cells.h5ad from ${name}`.slice(5));
  expect((await host.stats()).requests).toBe(0);

  await page.getByRole("button", {name: `Read from ${name}`}).click();
  expect(await settled(page, "cells.h5ad")).toBe("open");
  expect(await page.innerText(".wb-data-facts")).toContain(`read from ${name}`);
  await stageIs(page, "load", "done");
  const {bytes, requests, headers} = await host.stats();
  // A file as small as this is sampled from end to end; nothing comes twice.
  expect(bytes).toBeLessThan(1.2 * statSync(path).size);
  expect(requests).toBeLessThan(25);
  for (const asked of headers) {
    expect(asked).not.toHaveProperty("cookie");
    expect(asked).not.toHaveProperty("referer");
  }
  expect(page.url()).toContain(`address=${encodeURIComponent(file("plain"))}`);

  await page.getByRole("button", {name: "By address …"}).click();
  await page.getByLabel("Address of an h5ad file or Zarr folder").fill(`${host.address}plain/cells.zarr`);
  await page.getByRole("button", {name: "Open …", exact: true}).click();
  await page.getByRole("button", {name: `Read from ${name}`}).click();
  expect(await settled(page, "cells.zarr")).toBe("open");
  for (const [how, fault] of [
    ["no-ranges", /ignores ranges.*must honor the header Range/s],
    ["no-cors", /does not let pages of .* read it.*Access-Control-Allow-Origin/s],
    ["hidden", /cannot be seen.*Access-Control-Expose-Headers/s],
    ["html", /is a web page, not a file of cells/]
  ] as const) {
    await page.getByLabel("Address of an h5ad file or Zarr folder").fill(file(how));
    await page.getByRole("button", {name: "Open …", exact: true}).click();
    await page.getByRole("button", {name: `Read from ${name}`}).click();
    await expect
      .poll(async () => (await noticesOf(page)).map(({message}) => message).join(), {timeout: 20_000})
      .toMatch(fault);
    expect(await page.innerText(".wb-data-name")).toBe("cells.zarr");
  }
  // That other origin was agreed to.
  const rest = faults.filter((fault) => !fault.includes(name));
  faults.splice(0, Infinity, ...rest);

  // Two files that are picked together are one data set.
  const files = ["one.h5ad", "two.h5ad"].map((name) => join(folder, name));
  await page.setInputFiles(".wb-data input[type=file][multiple]", files);
  expect(await settled(page, "one + two")).toBe("open");
  expect(await page.innerText(".wb-data-facts")).toMatch(/^40 cells .*2 files as one; each cell keeps the vector/s);
  await stageIs(page, "load", "done");
});
