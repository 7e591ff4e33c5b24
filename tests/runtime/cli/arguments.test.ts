import {describe, expect, test} from "vitest";
import {helpText, integerOption, parseInvocation, rowsOption} from "../../../src/components/runtime/cli/arguments.js";
import {commands} from "../../../src/components/runtime/cli/commands.js";

describe("parseInvocation", () => {
  test("reads a command, its argument and its options", () => {
    expect(parseInvocation(["embed", "a.h5ad", "--out", "e.arrow", "--rows", "0-9", "--json"])).toEqual({
      command: "embed",
      argument: "a.h5ad",
      files: ["a.h5ad"],
      options: {out: "e.arrow", rows: "0-9", json: "true"}
    });
  });

  test.each([
    [["explode"], /no command "explode".*inspect/],
    [["constructor"], /no command "constructor"/],
    [["embed", "a.h5ad"], /embed needs --out/],
    [["embed", "--out", "x"], /takes one or more FILE, got 0/],
    [["umap", "a", "b", "--out", "x"], /got 2/],
    [["embed", "a", "--out", "x", "--backend", "abacus"], /--backend cannot be "abacus".*cpu/],
    [["umap", "a", "--out", "x", "--rows", "0-1"], /nknown option '--rows'/],
    [["inspect", "a", "--model"], /model.*argument missing/]
  ])("refuses %j with the fault and the way out", (argv, message) => {
    expect(() => parseInvocation(argv)).toThrow(message);
    expect(() => parseInvocation(argv)).toThrow(expect.objectContaining({domain: "usage"}));
  });

  test("asks for help in every usual way", () => {
    expect(parseInvocation([])).toEqual({help: null});
    expect(parseInvocation(["--help"])).toEqual({help: null});
    expect(parseInvocation(["help", "umap"])).toEqual({help: "umap"});
    expect(parseInvocation(["help"])).toEqual({help: null});
    expect(() => parseInvocation(["help", "bogus"])).toThrow(
      /no command "bogus": use one of inspect, sentences, embed/
    );
    expect(parseInvocation(["umap", "--help"])).toEqual({help: "umap"});
  });
});

describe("options", () => {
  test.each([
    ["0-99", 0, 99],
    ["7", 7, 7],
    ["3-3", 3, 3]
  ])("rows %s", (text, first, last) => {
    expect(rowsOption({rows: text})).toEqual({first, last});
  });

  test.each(["9-3", "-1", "a-b", "1-", "0x1-2", "1-99999999999"])("rows %s is refused", (text) => {
    expect(() => rowsOption({rows: text})).toThrow(/--rows cannot be/);
  });

  test.each(["1.5", "", "x", "65", "0", "Infinity"])("an integer from 1 to 64 cannot be %j", (text) => {
    expect(() => integerOption({average: text}, "average", 1, 1, 64)).toThrow(/--average/);
  });
});

test("help names every command and every option", () => {
  const whole = helpText(null);
  for (const command of [null, ...Object.keys(commands)]) {
    expect(
      Math.max(
        ...helpText(command)
          .split("\n")
          .map((line) => line.length)
      )
    ).toBeLessThanOrEqual(120);
  }
  for (const [name, {options}] of Object.entries(commands)) {
    expect(whole).toContain(name);
    for (const option of Object.keys(options)) expect(helpText(name)).toContain(`--${option}`);
  }
});
