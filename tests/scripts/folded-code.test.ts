import {expect, test} from "vitest";
import {foldedCode} from "../../scripts/folded-code.js";
import type {MarkdownRenderer, RenderRule} from "../../scripts/formulas.js";

/** As Framework's: the cell, then its code; the words behind the fence are cut down to the language. */
const render = (info: string, content: string): string => {
  const fence: RenderRule = (tokens, i) => {
    tokens[i].info = "js";
    return `<div></div>\n<pre>${tokens[i].content}</pre>`;
  };
  const md: MarkdownRenderer = {renderer: {rules: {fence, placeholder: () => ""}}};
  return foldedCode(md).renderer.rules.fence([{info, content}], 0, null, {}, null);
};

test("code is folded up below its cell where the page says so, by the names that it defines", () => {
  expect(render("js echo fold", "const a = 1;\nconst b = await a;\n")).toBe(
    '<div></div>\n<details class="code-fold"><summary>Code <code>a, b</code></summary>\n<pre>const a = 1;\nconst b = await a;\n</pre></details>\n'
  );
  expect(render("js echo fold", "display(a);")).toContain("<summary>Code</summary>");
  expect(render("js echo", "const fold = 1;")).toBe("<div></div>\n<pre>const fold = 1;</pre>");
});
