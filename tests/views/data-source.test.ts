// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {WorkbookError} from "../../src/components/core/errors.js";
import {dataSource} from "../../src/components/views/data-source.js";

const text = (element: Element, selector: string): string => element.querySelector(selector)!.textContent!.trim();

const heard = (element: Element, name: string) => {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
};

describe("the data source", () => {
  test("tells what is open", () => {
    const source = dataSource(
      {state: "open", name: "pbmc3k.h5ad", size: 24_653_000, cells: 2700, genes: 32_738, aligned: 17_640},
      {dropTarget: new EventTarget()}
    );
    expect(text(source, ".wb-data-name")).toBe("pbmc3k.h5ad");
    expect(text(source, ".wb-data-facts")).toBe("2,700 cells × 32,738 genes, 17,640 known to the model · 24.7 MB");
  });

  test("shows of an error what, where and the way out, and clears it with the next file", () => {
    const error = new WorkbookError({
      domain: "matrix",
      code: "nan",
      fault: "matrix X holds NaN",
      place: "/X/data",
      remedy: "fill the missing values"
    });
    const source = dataSource({state: "error", name: "broken.h5ad", error}, {dropTarget: new EventTarget()});
    expect([...source.querySelectorAll(".wb-data-problem :is(dt, dd)")].map((part) => part.textContent)).toEqual([
      "What",
      "matrix X holds NaN",
      "Where",
      "/X/data",
      "Way out",
      "fill the missing values"
    ]);
    source.update({state: "reading", name: "next.h5ad"});
    expect(source.querySelector(".wb-data-problem dl")).toBeNull();
  });

  test("passes on the demo, a dropped file and a folder; refuses two folders in words", () => {
    const dropTarget = new EventTarget();
    const source = dataSource({state: "nothing"}, {dropTarget});
    const [demo, opened] = [heard(source, "demo"), heard(source, "open")];
    source.querySelectorAll("button")[2].click();
    expect(demo).toHaveLength(1);
    const drop = (items: {file: File | null; isDirectory: boolean; name: string}[]): void => {
      const event = new Event("drop", {cancelable: true});
      const list = items.map(({file, isDirectory, name}) => ({
        kind: "file",
        getAsFile: () => file,
        webkitGetAsEntry: () => ({
          isDirectory,
          name,
          fullPath: `/${name}`,
          createReader: () => ({readEntries: (give: (entries: object[]) => void) => give([])})
        })
      }));
      dropTarget.dispatchEvent(Object.assign(event, {dataTransfer: {types: ["Files"], items: list}}));
      expect(event.defaultPrevented).toBe(true);
    };
    const file = new File(["x"], "cells.h5ad");
    drop([{file, isDirectory: false, name: "cells.h5ad"}]);
    expect(opened).toMatchObject([{file}]);
    const folder = {file: null, isDirectory: true, name: "folder"};
    drop([folder]);
    expect(opened[1]).toMatchObject({name: "folder"});
    drop([folder, folder]);
    expect(text(source, ".wb-data-problem")).toContain("2 folders were dropped");
    source.dispose();
    dropTarget.dispatchEvent(Object.assign(new Event("drop"), {dataTransfer: {types: ["Files"], items: []}}));
    expect(opened).toHaveLength(2);
  });

  test("a dropped file tells where it lies, for a browser that can remember it", async () => {
    const dropTarget = new EventTarget();
    const opened = heard(dataSource({state: "nothing"}, {dropTarget}), "open") as {place: Promise<unknown>}[];
    const place = {kind: "file", name: "cells.h5ad"};
    const drop = (more: object): void => {
      const item = {kind: "file", getAsFile: () => new File(["x"], "cells.h5ad"), ...more};
      dropTarget.dispatchEvent(
        Object.assign(new Event("drop", {cancelable: true}), {dataTransfer: {types: ["Files"], items: [item]}})
      );
    };
    drop({getAsFileSystemHandle: async () => place});
    drop({getAsFileSystemHandle: () => Promise.reject(new Error("denied"))});
    drop({});
    expect(await Promise.all(opened.map((given) => given.place))).toEqual([place, null, null]);
  });

  test("a file that is one click away has a button of its own, until it is open", () => {
    const source = dataSource({state: "nothing"}, {dropTarget: new EventTarget()});
    const again = heard(source, "again");
    const button = source.querySelector("button")!;
    expect(button.hidden).toBe(true);
    const error = new WorkbookError({
      domain: "file",
      code: "file-permission",
      fault: "this browser asks first",
      remedy: "press Open cells.h5ad"
    });
    source.update({state: "error", name: "cells.h5ad", error, again: "Open cells.h5ad"});
    expect([button.hidden, button.textContent]).toEqual([false, "Open cells.h5ad"]);
    expect(text(source, ".wb-data-problem")).toBe("This browser asks first. Press Open cells.h5ad.");
    button.click();
    expect(again).toHaveLength(1);
    source.update({state: "open", name: "cells.h5ad", cells: 1, genes: 1});
    expect(button.hidden).toBe(true);
  });

  test("a picked file is passed on, also the same one twice", () => {
    const source = dataSource({state: "nothing"}, {dropTarget: new EventTarget()});
    const opened = heard(source, "open");
    const input = source.querySelector("input")!;
    const file = new File(["x"], "cells.h5ad");
    for (let times = 0; times < 2; ++times) {
      Object.defineProperty(input, "files", {value: [file], configurable: true});
      input.dispatchEvent(new Event("change"));
    }
    expect(opened).toMatchObject([{file}, {file}]);
  });
});
