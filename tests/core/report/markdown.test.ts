import {expect, test} from "vitest";
import {escapeMarkdown} from "../../../src/components/core/report/markdown.js";

test("no markup, expression, HTML or table begins in a text; line breaks are spaces", () => {
  expect(escapeMarkdown("A <b>${1}</b> & *b* _c_ [d](e) `f` | #1 ~x\ny")).toBe(
    "A &lt;b&gt;&dollar;{1}&lt;/b&gt; &amp; \\*b\\* \\_c\\_ \\[d\\](e) \\`f\\` &vert; \\#1 \\~x y"
  );
  expect(["- a", "1. b", "+c", "2) d", "3 e", "=="].map(escapeMarkdown)).toEqual([
    "\\- a",
    "1\\. b",
    "\\+c",
    "2\\) d",
    "3 e",
    "\\=="
  ]);
});
