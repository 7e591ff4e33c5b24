// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {keepOffer} from "../../src/components/pages/keep-offer.js";
import type {Session, SessionListener} from "../../src/components/pages/session.js";
import {storagePanel} from "../../src/components/pages/storage-panel.js";

const kept = vi.hoisted(() => ({files: new Set<string>(), finish: [] as ((error?: unknown) => void)[]}));
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

/** A session with a local file open, as far as the two views look at it. */
function sessionOf() {
  const listeners: SessionListener[] = [];
  const file = {name: "cells.h5ad", bytes: 5, identity: "5-ab"};
  const session = {
    file,
    blob: new Blob(["abcde"]),
    view: {data: file.identity},
    running: false,
    on: (listener: SessionListener) => listeners.push(listener)
  };
  return {
    session: session as unknown as Session,
    open: () => listeners.forEach((listener) => listener.file?.(file as never))
  };
}
const seen = (element: Element) =>
  [...element.querySelectorAll("button")].filter(({hidden}) => !hidden).map(({textContent}) => textContent);
const press = (element: Element, name: RegExp) =>
  [...element.querySelectorAll("button")].find(({textContent}) => name.test(textContent!))!.click();

test("the offer and the storage panel show one copy: a press on either is seen on both, so is its end and its removal", async () => {
  const {session, open} = sessionOf();
  const offer = keepOffer(session);
  const {element: panel} = storagePanel(session);
  expect(offer.hidden).toBe(true);
  open();
  await vi.waitFor(() => expect(seen(panel)).toEqual(["Keep a copy of cells.h5ad here (5 B)", "Clear results"]));
  expect([offer.hidden, ...seen(offer)]).toEqual([false, "Keep a copy"]);

  press(panel, /^Keep/);
  expect(seen(offer)).toEqual(["Cancel the copy"]);
  await vi.waitFor(() => expect(seen(panel)).toContain("Cancel the copy"));
  press(offer, /^Cancel/);
  await vi.waitFor(() => expect(panel.textContent).toContain("The copy was given up."));
  expect(offer.textContent).toContain("The copy was given up.");

  press(offer, /^Keep/);
  kept.finish.at(-1)!();
  await vi.waitFor(() => expect(seen(panel)).toEqual(["Clear results", "Remove copies of files"]));
  expect(seen(offer)).toEqual([]);
  expect(offer.textContent).toMatch(
    /A copy of cells.h5ad is kept in this browser.*Storage, on the first page, removes it/
  );

  press(panel, /^Remove/);
  await vi.waitFor(() => expect(panel.textContent).toContain("Cleared. 2 stored results"));
  expect([offer.hidden, ...seen(offer)]).toEqual([false, "Keep a copy"]);
});
