// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {keepOffer} from "../../src/components/notebook/keep-offer.js";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import {storagePanel} from "../../src/components/notebook/storage-panel.js";

const kept = vi.hoisted(() => ({files: new Set<string>(), finish: [] as ((error?: unknown) => void)[]}));
vi.mock("../../src/components/notebook/browser.js", () => ({blobOf: () => new Blob(["abcde"])}));
vi.mock("../../src/components/runtime/browser/kept-files.js", () => ({
  storageUse: async () => ({
    results: {results: 2, bytes: 10},
    files: [...kept.files].map((identity) => ({identity, bytes: 5})),
    quota: null
  }),
  keptFile: async (identity: string) => (kept.files.has(identity) ? new Blob() : null),
  clearStorage: async () => kept.files.clear(),
  keepFile: (identity: string, _: Blob, {signal}: {signal: AbortSignal}) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      kept.finish.push(() => (kept.files.add(identity), resolve()));
    })
}));

const file = {name: "cells.h5ad", bytes: 5, identity: "5-ab"} as OpenFile;
const seen = (element: Element) =>
  [...element.querySelectorAll("button")].filter(({hidden}) => !hidden).map(({textContent}) => textContent);
const press = (element: Element, name: RegExp) =>
  [...element.querySelectorAll("button")].find(({textContent}) => name.test(textContent!))!.click();

test("a copy is offered, canceled, made and removed; the storage panel hears of each", async () => {
  const offer = keepOffer();
  const panel = storagePanel();
  expect(offer.hidden).toBe(true);
  offer.update(file);
  await vi.waitFor(() => expect(seen(offer)).toEqual(["Keep a copy"]));
  expect([offer.hidden, offer.textContent]).toEqual([false, expect.stringContaining("a copy (5 B)")]);
  await vi.waitFor(() => expect(seen(panel)).toEqual(["Clear results"]));

  press(offer, /^Keep/);
  expect(seen(offer)).toEqual(["Cancel the copy"]);
  press(offer, /^Cancel/);
  await vi.waitFor(() => expect(offer.textContent).toContain("The copy was canceled."));

  press(offer, /^Keep/);
  kept.finish.at(-1)!();
  await vi.waitFor(() => expect(seen(panel)).toEqual(["Clear results", "Remove copies of files"]));
  expect([offer.hidden, ...seen(offer)]).toEqual([false]);
  expect(offer.textContent).toMatch(/A copy of cells.h5ad is kept in this browser.*Storage removes it/);

  press(panel, /^Remove/);
  await vi.waitFor(() => expect(panel.textContent).toContain("Cleared. 2 stored results"));
  expect(kept.files.size).toBe(0);
});

test("a file that is kept, or comes with the site, is offered nothing", async () => {
  const offer = keepOffer();
  offer.update(null);
  expect(offer.hidden).toBe(true);
  kept.files.add(file.identity);
  offer.update(file);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(offer.hidden).toBe(true);
});
