import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {type RenderRule, staticFormulas} from "../../scripts/formulas.js";
import {filesBelow} from "./imports.js";

/** Rules as Framework's, which say what they were given. */
const rules = (): Record<"fence" | "placeholder", RenderRule> => ({
  fence: (tokens, i) => `framework ${tokens[i].content}`,
  placeholder: (tokens, i) => `framework ${tokens[i].content}`
});
const render = (rule: "fence" | "placeholder", info: string, content: string, page: object = {}): string =>
  staticFormulas({renderer: {rules: rules()}}).renderer.rules[rule]([{info, content}], 0, null, page, null);

describe("formulas", () => {
  test("of a block and of a line are HTML and MathML in the page itself", () => {
    const block = render("fence", "tex", String.raw`w_g = \frac{1}{2}`);
    expect(block).toMatch(/^<link rel="stylesheet" href="npm:katex.*><span class="katex-display">/);
    expect(block).toContain("<mfrac><mn>1</mn><mn>2</mn></mfrac>");
    expect(block).toContain('<span class="katex-html" aria-hidden="true">');
    expect(render("placeholder", "", "tex`w_g`")).toContain("<msub><mi>w</mi><mi>g</mi></msub>");
  });

  test("bring their stylesheet once a page", () => {
    const {fence} = staticFormulas({renderer: {rules: rules()}}).renderer.rules;
    const draw = (page: object) => fence([{info: "tex", content: "x"}], 0, null, page, null).includes("<link");
    const [one, other] = [{}, {}];
    expect([draw(one), draw(one), draw(other)]).toEqual([true, false, true]);
  });

  test("with values of the page, and code of other kinds, are left to Framework", () => {
    expect(render("fence", "tex", "x = ${x}")).toBe("framework x = ${x}");
    expect(render("fence", "js", "x")).toBe("framework x");
    expect(render("placeholder", "", "tex`${x}`")).toBe("framework tex`${x}`");
    expect(render("placeholder", "", "file.name")).toBe("framework file.name");
  });

  test("that are none stop the build", () => {
    expect(() => render("fence", "tex", String.raw`\frac{1}`)).toThrow(/KaTeX parse error/);
  });

  test("of all pages can be rendered, and none is put together of letters", () => {
    const pages = filesBelow("src", [".md"]).map((file) => readFileSync(file, "utf8"));
    const formulas = pages.flatMap((text) => [...text.matchAll(/^```tex\n([\s\S]*?)^```$/gm)].map(([, tex]) => tex));
    expect(formulas.length).toBeGreaterThan(12);
    for (const formula of formulas) expect(render("fence", "tex", formula)).toContain("<math");
    expect(pages.filter((text) => /class="wb-formula"/.test(text))).toEqual([]);
  });
});
