// @vitest-environment jsdom
import {expect, test} from "vitest";
import {reachable} from "../../src/components/views/reachable.js";

const made = (html: string): Element => {
  const place = document.createElement("div");
  place.innerHTML = html;
  return place.firstElementChild!;
};

test("a table of Inputs takes the focus, named groups of a plot have a role, and all else stays as it is", () => {
  const table = reachable(made('<form class="inputs-3a86ea inputs-3a86ea-table"></form>'));
  expect([table.getAttribute("tabindex"), table.getAttribute("role"), table.getAttribute("aria-label")]).toEqual([
    "0",
    "region",
    "Table"
  ]);
  const plot = reachable(made('<svg><g aria-label="rect"></g><g aria-label="dot" role="img"></g><g></g></svg>'));
  expect([...plot.querySelectorAll("g")].map((group) => group.getAttribute("role"))).toEqual(["group", "img", null]);
  expect(reachable(made("<p>words</p>")).outerHTML).toBe("<p>words</p>");
});
