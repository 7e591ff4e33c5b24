// @vitest-environment jsdom
import {describe, expect, test, vi} from "vitest";
import {WorkbookError} from "../../src/components/core/errors.js";
import {colorScale} from "../../src/components/views/color-scale.js";
import {deviceBadge} from "../../src/components/views/device-badge.js";
import {keepFocus} from "../../src/components/views/keep-focus.js";
import {legend} from "../../src/components/views/legend.js";
import {noticeList, noticeOf, sentence} from "../../src/components/views/notice-list.js";
import {stageCard} from "../../src/components/views/stage-card.js";

const text = (element: Element, selector: string): string => element.querySelector(selector)!.textContent!.trim();

const heard = (element: Element, name: string) => {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
};

test("a notice begins with a capital, but for the name of a file or column", () => {
  expect(
    ["the file is empty", "pbmc3k_100.h5ad has no X", "cell_type is no column.", "obs/x is lost"].map(sentence)
  ).toEqual(["The file is empty.", "pbmc3k_100.h5ad has no X.", "cell_type is no column.", "obs/x is lost."]);
});

describe("a stage's card", () => {
  test("mirrors where the stage stands in its attributes", () => {
    const card = stageCard("embed");
    expect({...card.dataset}).toEqual({stage: "embed", state: "idle", done: "0", total: "0"});
    card.update({state: "running", done: 312, total: 1000, ms: 31_200});
    expect({...card.dataset}).toEqual({stage: "embed", state: "running", done: "312", total: "1000"});
    expect(card.querySelector("progress")!.value).toBeCloseTo(0.312);
    expect(text(card, ".wb-stage-numbers")).toBe("312 of 1,000about 70 s left");
    expect(card.querySelector(".wb-stage-numbers")!.lastElementChild!.getAttribute("title")).toBe("10 cells/s");
    card.update({state: "done", done: 1000, ms: 100_000});
    expect(text(card, ".wb-stage-numbers")).toBe("1,000 cells1 min 40 s");
  });

  test("a rate given counts more than the mean, and counts are in the stage's own unit", () => {
    const card = stageCard("umap");
    card.update({state: "running", done: 100, total: 500, ms: 1000, rate: 2});
    expect(text(card, ".wb-stage-numbers")).toBe("100 of 500about 3.5 min left");
    expect(card.querySelector(".wb-stage-numbers")!.lastElementChild!.getAttribute("title")).toBe("2 epochs/s");
    card.update({state: "done", done: 500, ms: 5000});
    expect(text(card, ".wb-stage-numbers")).toBe("500 epochs5.0 s");
  });

  test("without a total the bar is indeterminate while running", () => {
    const card = stageCard("load");
    card.update({state: "running"});
    expect(card.querySelector("progress")!.hasAttribute("value")).toBe(false);
    card.update({state: "error", detail: "matrix X holds NaN"});
    expect(card.querySelector("progress")!.value).toBe(0);
  });

  test("announces changes of state, not every step, and forgets an old error", () => {
    const card = stageCard("embed");
    card.update({state: "running", done: 0, total: 10});
    const live = card.querySelector("[role=status]")!;
    expect(live.textContent).toBe("Embed: running");
    card.update({state: "running", done: 5, total: 10});
    expect(live.textContent).toBe("Embed: running");
    card.update({state: "error", detail: "the device was lost"});
    expect(live.textContent).toBe("Embed: stopped by an error: the device was lost");
    card.update({state: "running", done: 6});
    expect(text(card, ".wb-stage-detail")).toBe("");
    card.update({state: "done", done: 10, ms: 4000});
    expect(live.textContent).toBe("Embed: done, 10 cells in 4.0 s");
  });

  test("of a stage that takes long announces each quarter, with the time that is left", () => {
    vi.useFakeTimers({toFake: ["performance"]});
    try {
      const card = stageCard("embed");
      const live = card.querySelector("[role=status]")!;
      const said = new Set<string>();
      for (let done = 0; done < 400; ++done) {
        card.update({state: "running", done, total: 400, ms: done * 1000});
        said.add(live.textContent!);
        vi.advanceTimersByTime(1000);
      }
      expect([...said]).toEqual([
        "Embed: running",
        "Embed: 25 %, about 5 min left",
        "Embed: 50 %, about 3.5 min left",
        "Embed: 75 %, about 1.5 min left"
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("takes a figure, and a link to its chapter", () => {
    const card = stageCard("load", {chapterHref: "./stages/load", number: 1});
    const figure = document.createElement("svg");
    card.update({state: "running", figure});
    expect(figure.parentElement!.className).toBe("wb-stage-figure");
    card.update({state: "running", done: 1});
    expect(figure.isConnected || figure.parentElement !== null).toBe(true);
    card.update({state: "done", figure: null});
    expect(figure.parentElement).toBeNull();
    expect(card.querySelector("a")!.getAttribute("href")).toBe("./stages/load");
  });
});

describe("the legend", () => {
  const scale = colorScale({name: "t", kind: "text", values: ["a", "a", "a", "b", "b", null]});

  test("counts each group; a click selects it alone or takes it back, Shift adds and takes away", () => {
    const key = legend(scale);
    const picked = heard(key, "pick");
    const buttons = [...key.querySelectorAll<HTMLButtonElement>(".wb-legend-entry")];
    const pressed = () => buttons.map((button) => button.getAttribute("aria-pressed"));
    expect(buttons.map((button) => button.textContent)).toEqual(["a3 cells", "b2 cells", "not given1 cell"]);
    const shift = (button: HTMLElement) => button.dispatchEvent(new MouseEvent("click", {shiftKey: true}));
    buttons[1].click();
    key.setSelected([0, 2, 0]);
    expect(pressed()).toEqual(["false", "true", "false"]);
    buttons[1].click();
    buttons[0].click();
    shift(buttons[0]);
    shift(buttons[1]);
    key.setSelected([1, 2, 0]);
    expect(pressed()).toEqual(["mixed", "true", "false"]);
    buttons[1].click();
    shift(buttons[0]);
    expect(picked).toEqual([
      {entry: 1, change: "replace"},
      {entry: 1, change: "remove"},
      {entry: 0, change: "replace"},
      {entry: 0, change: "add"},
      {entry: 1, change: "remove"},
      {entry: 1, change: "replace"},
      {entry: 0, change: "add"}
    ]);
    key.setSelected(null);
    expect(pressed()).toEqual(["false", "false", "false"]);
    expect(buttons.some((button) => button.classList.contains("wb-dim"))).toBe(false);
  });

  test("folds what is beyond the first twenty", () => {
    const many = legend(
      colorScale({name: "t", kind: "text", values: Array.from({length: 60}, (_, i) => `c${i % 40}`)})
    );
    const visible = () => [...many.querySelectorAll("li")].filter((item) => !item.hidden).length;
    expect(visible()).toBe(20);
    const more = [...many.querySelectorAll("button")].at(-1)!;
    expect([more.textContent, more.getAttribute("aria-expanded")]).toEqual(["20 more", "false"]);
    more.click();
    expect(visible()).toBe(40);
  });

  test("says nothing before there are cells", () => {
    const key = legend(colorScale({name: "cells", kind: "text", values: []}));
    expect(key.textContent).toBe("");
    key.update(scale);
    expect(key.querySelector(".wb-legend-title")!.textContent).toBe("t");
  });

  test("of amounts is a bar with its range, unit and what is missing", () => {
    const values = Float64Array.from({length: 201}, (_, i) => (i === 200 ? NaN : i));
    const key = legend(colorScale({name: "mito", kind: "number", values}, {unit: "%"}));
    expect(key.querySelector("[role=img]")!.getAttribute("aria-label")).toBe("From ≤ 1 to ≥ 198 %");
    expect([...key.querySelectorAll(".wb-tick")].map((tick) => tick.textContent)).toEqual([
      "≤ 1",
      "50",
      "100",
      "150",
      "≥ 198"
    ]);
    expect([...key.querySelectorAll(".wb-bar-notes")].map((note) => note.textContent)).toEqual([
      "%",
      "1 cell below 1, in the color of that end",
      "1 cell above 198, in the color of that end",
      "1 cell not given (gray)"
    ]);
    key.update(scale);
    expect(key.querySelectorAll(".wb-legend-entry")).toHaveLength(3);
  });
});

describe("notices", () => {
  test("folded ones take a line until they are opened, errors never", () => {
    const list = noticeList(
      [
        {severity: "warning", code: "a", message: "the run went on slowly", remedy: "wait"},
        {severity: "error", code: "b", message: "it failed"}
      ],
      {folded: true}
    );
    const parts = [...list.querySelectorAll(".wb-notice-text")];
    expect(parts.map(({localName, textContent}) => [localName, textContent])).toEqual([
      ["details", "The run went on slowly. Wait."],
      ["div", "It failed."]
    ]);
  });

  test("one of each code, closable, errors as alerts", () => {
    const list = noticeList([{severity: "info", code: "a", message: "the run went on"}]);
    const dismissed = heard(list, "dismiss");
    list.add({severity: "error", code: "b", message: "it failed", place: "/X", remedy: "try again"});
    list.add({severity: "warning", code: "a", message: "the run went on slowly"});
    expect([...list.children].map((bar) => [bar.getAttribute("role"), bar.getAttribute("data-severity")])).toEqual([
      ["status", "warning"],
      ["alert", "error"]
    ]);
    expect(text(list, "[data-code=b] .wb-notice-text")).toBe("It failed. At /X. Try again.");
    list.querySelector<HTMLButtonElement>("[data-code=a] button")!.click();
    expect(dismissed).toEqual(["a"]);
    expect(list.notices.map(({code}) => code)).toEqual(["b"]);
    list.update([{severity: "info", code: "c", message: "other"}]);
    expect(list.notices.map(({code}) => code)).toEqual(["c"]);
  });

  test("the same notice again is not said again", () => {
    const list = noticeList([{severity: "info", code: "a", message: "x"}]);
    const bar = list.firstElementChild;
    list.update([{severity: "info", code: "a", message: "x"}]);
    expect(list.firstElementChild).toBe(bar);
  });

  test("an error of ours brings its own words, another one is called a defect", () => {
    expect(noticeOf(new WorkbookError({domain: "file", code: "not-hdf5", fault: "f", remedy: "r"}))).toMatchObject({
      code: "not-hdf5",
      message: "f",
      remedy: "r"
    });
    expect(noticeOf(new TypeError("x is undefined"))).toMatchObject({code: "defect", severity: "error"});
    expect(noticeOf("gone").message).toContain("gone");
  });
});

test("the device's badge names backend, device, precision and speed, as far as they are known", () => {
  const badge = deviceBadge({backend: null, opening: true});
  expect([badge.textContent, badge.dataset.backend]).toEqual(["Opening the model …", "none"]);
  badge.update({backend: "webgpu", adapter: "Apple M4", precision: "fp32", msPerCell: 8.4});
  expect([badge.textContent, badge.dataset.backend]).toEqual(["WebGPU · Apple M4 · fp32 · 8 ms a cell", "webgpu"]);
});

describe("the keyboard's place", () => {
  test("goes to what stands in the stead of an element that is gone, else to the next one; what a person leaves is left", async () => {
    document.body.innerHTML =
      "<div><p><button id=a>A</button><button id=b>B</button></p><ul><li><button>×</button></li><li><button>y</button></li></ul></div>";
    const stop = keepFocus();
    const [a, b] = ["a", "b"].map((id) => document.getElementById(id) as HTMLButtonElement);
    const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
    a.focus();
    a.disabled = true;
    await settle();
    expect(document.activeElement).toBe(b);
    b.hidden = true;
    await settle();
    expect(document.activeElement!.textContent).toBe("×");
    const list = document.querySelector("ul")!;
    list.innerHTML = "<li><button>new</button></li><li><button>×</button></li>";
    await settle();
    expect(document.activeElement).toBe(list.querySelectorAll("button")[1]);
    list.lastElementChild!.remove();
    await settle();
    expect(document.activeElement!.textContent).toBe("new");
    (document.activeElement as HTMLElement).blur();
    await settle();
    list.remove();
    await settle();
    expect(document.activeElement).toBe(document.body);
    stop();
    document.body.replaceChildren();
  });
});
