// @vitest-environment jsdom
import {afterEach, beforeEach, expect, test, vi} from "vitest";
import {keepOffer} from "../../src/components/notebook/keep-offer.js";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import type {FileHandle} from "../../src/components/runtime/browser/file-places.js";
import {storagePanel} from "../../src/components/notebook/storage-panel.js";

const kept = vi.hoisted(() => ({
  denied: false,
  files: new Set<string>(),
  places: new Map<string, unknown>(),
  finish: [] as ((error?: unknown) => void)[]
}));
vi.mock("../../src/components/notebook/browser.js", () => ({blobOf: () => new Blob(["abcde"])}));
vi.mock("../../src/components/runtime/browser/kept-files.js", () => ({
  copiedUnasked: 1000,
  identityOf: async (file: Blob) => `${file.size}-ab`,
  keepsFiles: async () => !kept.denied,
  storageUse: async () =>
    kept.denied
      ? null
      : {
          results: {results: 2, bytes: 10},
          files: [...kept.files].map((identity) => ({identity, bytes: 5})),
          places: kept.places.size,
          models: [],
          references: [],
          quota: null
        },
  keptFile: async (identity: string) => (kept.files.has(identity) ? new Blob() : null),
  removeFile: async (identity: string) => (kept.files.delete(identity), kept.places.delete(identity)),
  clearStorage: async () => (kept.files.clear(), kept.places.clear()),
  keepFile: (identity: string, _: Blob, {signal}: {signal: AbortSignal}) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      kept.finish.push((error) => (error ? reject(error as Error) : (kept.files.add(identity), resolve())));
    })
}));
vi.mock("../../src/components/runtime/browser/file-places.js", () => ({
  canRemember: () => "showOpenFilePicker" in globalThis,
  choosePlace: async () =>
    (await (globalThis as {showOpenFilePicker?: () => Promise<unknown[]>}).showOpenFilePicker!())[0],
  keepPlace: async (identity: string, place: unknown) => void kept.places.set(identity, place)
}));

beforeEach(() => {
  Object.assign(kept, {denied: false, finish: []});
  kept.files.clear();
  kept.places.clear();
});
afterEach(() => vi.unstubAllGlobals());

const small = {name: "cells.h5ad", bytes: 5, identity: "5-ab"} as OpenFile;
const large = {name: "large.h5ad", bytes: 2_100, identity: "2100-ab"} as OpenFile;
const seen = (element: Element) =>
  [...element.querySelectorAll("button")].filter(({hidden}) => !hidden).map(({textContent}) => textContent);
const press = (element: Element, name: RegExp) =>
  [...element.querySelectorAll("button")].find(({textContent}) => name.test(textContent!))!.click();
const becomes = (element: Element, words: RegExp, ...buttons: string[]) =>
  vi.waitFor(() => expect([element.textContent, seen(element)]).toEqual([expect.stringMatching(words), buttons]));

test("a small file is copied unasked, which can be canceled, made up for and taken back; the storage panel hears of each", async () => {
  const offer = keepOffer();
  const panel = storagePanel();
  expect(offer.hidden).toBe(true);
  offer.update(small);
  await becomes(offer, /^Copying cells.h5ad \(5 B\)/, "Cancel the copy");
  press(offer, /^Cancel/);
  await becomes(offer, /^The copy was canceled\. Only this page has cells.h5ad.*ask for it again/, "Keep a copy (5 B)");
  expect(seen(panel)).toEqual(["Clear results"]);

  press(offer, /^Keep/);
  kept.finish.at(-1)!();
  await becomes(offer, /^A copy of cells.h5ad \(5 B\) is kept in this browser: the other pages/, "Remove the copy");
  await becomes(panel, /1 copied file \(5 B\)/, "Clear results", "Clear copies of files");
  press(offer, /^Remove/);
  await becomes(offer, /^Only this page has/, "Keep a copy (5 B)");
  await becomes(panel, /no copied file/, "Clear results");

  press(offer, /^Keep/);
  kept.finish.at(-1)!();
  await becomes(panel, /1 copied file/, "Clear results", "Clear copies of files");
  sessionStorage.setItem("uce-workbook-file", JSON.stringify(small));
  press(panel, /^Clear copies/);
  await becomes(panel, /Cleared\. 2 stored results/, "Clear results");
  await becomes(offer, /^Only this page has/, "Keep a copy (5 B)");
  expect(sessionStorage.getItem("uce-workbook-file")).toBeNull();

  // What is being copied when all is cleared does not come back.
  press(offer, /^Keep/);
  document.dispatchEvent(new Event("workbook-cleared"));
  await becomes(offer, /^Only this page has/, "Keep a copy (5 B)");
  expect(kept.files.size).toBe(0);
});

test("a page that read the copy says no more of it once it is removed: it has the file no more", async () => {
  const offer = keepOffer();
  kept.files.add(small.identity);
  offer.update(small, {origin: "copy", place: null});
  await becomes(offer, /^A copy of cells/, "Remove the copy");
  press(offer, /^Remove/);
  await vi.waitFor(() => expect(offer.hidden).toBe(true));
});

test("a link that is pressed while a file is copied is followed when the copy is there, and at once when it is canceled", async () => {
  const assign = vi.fn();
  vi.stubGlobal("location", {origin: "http://localhost:3000", pathname: "/", assign, search: ""});
  document.body.innerHTML =
    '<a href="http://localhost:3000/stages/load">Load</a><a href="http://localhost:3000/#x">x</a>';
  const [link, here] = document.querySelectorAll("a");
  const clicked = (one: HTMLElement, more: MouseEventInit = {}): boolean => {
    let isHeld = false;
    const last = (event: Event): void => {
      isHeld = event.defaultPrevented;
      event.preventDefault();
    };
    addEventListener("click", last, {once: true});
    one.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, ...more}));
    return isHeld;
  };
  const offer = keepOffer();
  for (const [i, end] of [() => kept.finish.at(-1)!(), () => press(offer, /^Cancel/)].entries()) {
    kept.files.clear();
    offer.update(small);
    await becomes(offer, /^Copying/, "Cancel the copy");
    expect([clicked(here), clicked(link, {ctrlKey: true})]).toEqual([false, false]);
    expect(clicked(link)).toBe(true);
    expect(offer.textContent).toMatch(/^The page opens when cells.h5ad is copied/);
    expect(assign).toHaveBeenCalledTimes(i);
    end();
    await vi.waitFor(() => expect(assign).toHaveBeenCalledTimes(i + 1));
    expect(assign).toHaveBeenLastCalledWith("http://localhost:3000/stages/load");
    expect(clicked(link)).toBe(false);
  }
});

test("of a large file its place is kept if the browser told it, else a copy and the place are offered, with the size", async () => {
  const offer = keepOffer();
  offer.update(large);
  await becomes(
    offer,
    /^large.h5ad \(2.1 kB\) is larger than 1 kB, so it is not copied unasked\. Only this/,
    "Keep a copy (2.1 kB)"
  );
  expect(kept.finish).toEqual([]);

  const place = {getFile: async () => ({size: 7})};
  vi.stubGlobal("showOpenFilePicker", async () => [place]);
  offer.update(large);
  await becomes(offer, /larger than/, "Remember where it is …", "Keep a copy (2.1 kB)");
  press(offer, /^Remember/);
  await becomes(offer, /^That is another file than large.h5ad/, "Remember where it is …", "Keep a copy (2.1 kB)");
  place.getFile = async () => ({size: 2100});
  press(offer, /^Remember/);
  await becomes(offer, /^This browser remembers where large.h5ad is/, "Forget it");
  expect(kept.places.get(large.identity)).toBe(place);
  press(offer, /^Forget/);
  await becomes(offer, /^Only this page has large.h5ad/, "Remember where it is …", "Keep a copy (2.1 kB)");
  expect(kept.places.size).toBe(0);

  offer.update(large, {origin: "given", place: place as unknown as FileHandle});
  await becomes(offer, /^This browser remembers where large.h5ad is/, "Forget it");
  offer.update(null);
  expect(offer.hidden).toBe(true);
});

test("where the browser keeps nothing, or the copy fails, that is said in words", async () => {
  const offer = keepOffer();
  offer.update(small);
  await becomes(offer, /^Copying/, "Cancel the copy");
  kept.finish.at(-1)!(new Error("no room"));
  await becomes(offer, /Only this page has cells.h5ad/, "Keep a copy (5 B)");
  kept.denied = true;
  offer.update(small);
  await becomes(
    offer,
    /^This browser window keeps no files.*Another page, or a reload, will ask for cells.h5ad again\./
  );
});
