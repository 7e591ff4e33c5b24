// @vitest-environment jsdom
import * as Inputs from "@observablehq/inputs";
import {beforeEach, describe, expect, test, vi} from "vitest";
import {bound} from "../../src/components/views/address-input.js";

const go = (address: string): void => history.replaceState({of: "others"}, "", address);
const address = (): string => location.search + location.hash;

/** What a reader does: the input has a new value and says so. */
function change<T>(input: HTMLElement & {value: T}, value: T): void {
  input.value = value;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}

/** The task in which an input changed is over. */
const taskIsDone = (): Promise<void> => Promise.resolve();

/** Events by which `view` would hear of the input. */
function heard(input: HTMLElement, type = "input"): unknown[] {
  const events: unknown[] = [];
  input.addEventListener(type, () => events.push((input as unknown as {value: unknown}).value));
  return events;
}

const show = <E extends HTMLElement>(input: E): E => {
  document.body.append(input);
  return input;
};
const range = () => Inputs.range([0, 1], {value: 0.1, step: 0.01, label: "min_dist"});
const choices = () => Inputs.select(["cell type", "batch"], {value: "batch", label: "Color by"});

let clock = Date.now();

beforeEach(() => {
  vi.useFakeTimers({now: (clock += 60_000)});
  document.body.replaceChildren();
  go("/page");
  return () => {
    vi.runAllTimers();
    vi.useRealTimers();
  };
});

describe("an input bound to the address", () => {
  test("has its default where the address names none, and leaves the address alone", () => {
    const input = bound(range(), {name: "min_dist"});
    expect(input.value).toBe(0.1);
    expect(bound(range(), {name: "min_dist", default: 0.3}).value).toBe(0.3);
    expect(address()).toBe("");
  });

  test("takes the address's value, by the type of the default", () => {
    go("/page?min_dist=0.5&color=cell+type&log=true&gene=CD3D&method=top");
    expect(bound(range(), {name: "min_dist"}).value).toBe(0.5);
    expect(bound(choices(), {name: "color"}).value).toBe("cell type");
    expect(bound(Inputs.toggle({label: "Log"}), {name: "log"}).value).toBe(true);
    expect(bound(Inputs.text({label: "Gene"}), {name: "gene"}).value).toBe("CD3D");
    const radio = Inputs.radio(["reference", "top"], {value: "reference", label: "Sampling"});
    expect(bound(radio, {name: "method"}).value).toBe("top");
  });

  test.each(["", "high", "Infinity", "NaN"])(
    "leaves the default, and the address as it is, for min_dist=%s",
    (text) => {
      go(`/page?min_dist=${text}`);
      expect(bound(range(), {name: "min_dist"}).value).toBe(0.1);
      expect(address()).toBe(`?min_dist=${text}`);
    }
  );

  test("keeps the default for an option that is not in the list, which may come with a later list", () => {
    go("/page?color=donor");
    expect(bound(choices(), {name: "color"}).value).toBe("batch");
    const later = Inputs.select(["batch", "donor"], {value: "batch"});
    expect(bound(later, {name: "color"}).value).toBe("donor");
  });

  test("writes what the reader chooses, removes the default, and keeps other parameters, hash and history state", async () => {
    go("/page?other=1&other=2#part");
    const length = history.length;
    const input = bound(range(), {name: "min_dist"});
    change(input, 0.25);
    await taskIsDone();
    expect(address()).toBe("?other=1&other=2&min_dist=0.25#part");
    change(input, 0.1);
    await taskIsDone();
    expect(address()).toBe("?other=1&other=2#part");
    expect(history.length).toBe(length);
    expect(history.state).toEqual({of: "others"});
  });

  test("takes parse and format, and writes nothing for null", async () => {
    go("/page?cells=5-9");
    const options = {
      name: "cells",
      default: null as [number, number] | null,
      parse: (text: string): [number, number] | undefined => {
        const found = /^(\d+)-(\d+)$/.exec(text);
        return found === null ? undefined : [Number(found[1]), Number(found[2])];
      },
      format: (value: [number, number] | null) => value?.join("-") ?? null
    };
    const input = Object.assign(document.createElement("div"), {value: null as [number, number] | null});
    expect(bound(input, options).value).toEqual([5, 9]);
    change(input, [1, 2]);
    await taskIsDone();
    expect(address()).toBe("?cells=1-2");
    change(input, null);
    await taskIsDone();
    expect(address()).toBe("");
  });

  test("follows back and forward, and tells of it only where the value is another", () => {
    const input = show(bound(range(), {name: "min_dist"}));
    const events = heard(input);
    go("/page?min_dist=0.75");
    dispatchEvent(new PopStateEvent("popstate"));
    expect(events).toEqual([0.75]);
    dispatchEvent(new PopStateEvent("popstate"));
    dispatchEvent(new HashChangeEvent("hashchange"));
    expect(events).toEqual([0.75]);
    go("/page");
    dispatchEvent(new HashChangeEvent("hashchange"));
    expect(events).toEqual([0.75, 0.1]);
    expect(address()).toBe("");
  });

  test("does not follow any more once it has left the page, or its cell has run again", async () => {
    const gone = show(bound(range(), {name: "min_dist"}));
    dispatchEvent(new PopStateEvent("popstate"));
    gone.remove();
    let end = (): void => undefined;
    const invalidation = new Promise<void>((resolve) => (end = resolve));
    const ended = show(bound(range(), {name: "min_dist", invalidation}));
    end();
    await invalidation;
    go("/page?min_dist=0.75");
    dispatchEvent(new PopStateEvent("popstate"));
    expect([gone.value, ended.value]).toEqual([0.1, 0.1]);
    change(ended, 0.2);
    expect(address()).toBe("?min_dist=0.75");
  });
});

describe("a native input bound to the address", () => {
  test("is read and set as a number, as view does", async () => {
    go("/page?neighbors=30");
    const input = Object.assign(document.createElement("input"), {type: "number", min: "2", max: "200"});
    input.value = "15";
    bound(input, {name: "neighbors"});
    expect(input.valueAsNumber).toBe(30);
    input.valueAsNumber = 40;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    await taskIsDone();
    expect(address()).toBe("?neighbors=40");
  });

  test("keeps its default for a number out of its bounds", () => {
    go("/page?neighbors=900");
    const input = Object.assign(document.createElement("input"), {type: "number", min: "2", max: "200"});
    input.value = "15";
    bound(input, {name: "neighbors"});
    expect(input.valueAsNumber).toBe(15);
  });

  test("is checked or not, and a step in the history tells view by its click", () => {
    const input = show(Object.assign(document.createElement("input"), {type: "checkbox"}));
    bound(input, {name: "log"});
    const clicks = heard(input, "click");
    go("/page?log=true");
    dispatchEvent(new PopStateEvent("popstate"));
    expect(input.checked).toBe(true);
    expect(clicks).toHaveLength(1);
  });
});

describe("the address", () => {
  test("holds a choice, and several of one moment, when the task of the choice is done: a reload loses nothing", async () => {
    const replaced = vi.spyOn(history, "replaceState");
    const [first, second] = [bound(range(), {name: "min_dist"}), bound(choices(), {name: "color"})];
    for (const value of [0.2, 0.3, 0.4]) {
      change(first, value);
      change(second, value === 0.3 ? "batch" : "cell type");
      await taskIsDone();
      expect(address()).toBe(`?min_dist=${value}${value === 0.3 ? "" : "&color=cell+type"}`);
    }
    expect(replaced).toHaveBeenCalledTimes(3);
    replaced.mockRestore();
  });

  /** A slider is dragged for `seconds`; how often the address was changed. */
  async function drag(input: HTMLElement & {value: number}, seconds: number): Promise<number> {
    const replaced = vi.spyOn(history, "replaceState");
    for (let i = 1; i <= 60 * seconds; i += 1) {
      change(input, (i % 60) / 100);
      await taskIsDone();
      vi.advanceTimersByTime(1000 / 60);
    }
    const times = replaced.mock.calls.length;
    replaced.mockRestore();
    return times;
  }

  test("is changed fewer than 100 times in 30 s while a slider is dragged, and holds its last value once it is let go", async () => {
    const input = show(bound(range(), {name: "min_dist"}));
    expect(await drag(input, 30)).toBeLessThan(90);
    for (const value of [0.75, 0.76, 0.77]) {
      change(input, value);
      await taskIsDone();
    }
    expect(address()).not.toBe("?min_dist=0.77");
    input.dispatchEvent(new Event("change", {bubbles: true}));
    expect(address()).toBe("?min_dist=0.77");
    change(input, 0.78);
    await taskIsDone();
    vi.advanceTimersByTime(500);
    expect(address(), "at the latest").toBe("?min_dist=0.78");
  });

  test("waits while a key is held, and holds the last value once it is released", async () => {
    const input = show(bound(range(), {name: "min_dist"}));
    await drag(input, 1);
    const press = (type: string, repeat = false) => dispatchEvent(new KeyboardEvent(type, {key: "ArrowUp", repeat}));
    press("keydown", true);
    change(input, 0.61);
    input.dispatchEvent(new Event("change", {bubbles: true}));
    await taskIsDone();
    expect(address()).not.toBe("?min_dist=0.61");
    press("keyup");
    expect(address()).toBe("?min_dist=0.61");
  });

  test("holds what was chosen before a click is heard and before the page is left; two inputs do not overwrite each other", async () => {
    const [first, second] = [bound(range(), {name: "min_dist"}), bound(choices(), {name: "color"})];
    change(first, 0.2);
    change(second, "cell type");
    change(first, 0.4);
    const seen: string[] = [];
    document.body.addEventListener("click", () => seen.push(address()), {once: true});
    document.body.click();
    expect(seen).toEqual(["?min_dist=0.4&color=cell+type"]);
    change(first, 0.6);
    dispatchEvent(new Event("pagehide"));
    expect(address()).toBe("?min_dist=0.6&color=cell+type");
    await drag(first, 1);
    change(first, 0.9);
    vi.spyOn(document, "visibilityState", "get").mockReturnValueOnce("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(new URLSearchParams(location.search).get("min_dist")).toBe("0.9");
  });

  test("after a step in the history is not overwritten by what was chosen before it", () => {
    const input = show(bound(range(), {name: "min_dist"}));
    change(input, 0.2);
    change(input, 0.3);
    go("/page?min_dist=0.9");
    dispatchEvent(new PopStateEvent("popstate"));
    vi.advanceTimersByTime(1000);
    expect(address()).toBe("?min_dist=0.9");
    expect(input.value).toBe(0.9);
  });
});
