import {type ColorScale, type ContinuousScale, rampPosition, rampSteps, type CategoricalScale} from "./color-scale.js";
import {extend, h, send, setAttribute, setText} from "./dom.js";
import {formatCount, formatInteger, formatNumber} from "./format.js";
import {niceTicks} from "./ticks.js";

/**
 * A legend. "highlight" (CustomEvent, detail: Set of entries or null for all) tells what was picked, "input" goes with it,
 * so that `value` works as an input of a page.
 */
export type Legend = HTMLElement & {
  update(scale: ColorScale): void;
  /** Entries picked; null: all. */
  value: ReadonlySet<number> | null;
};

export interface LegendOptions {
  /** Entries shown before "show all" (20). */
  folded?: number;
}

/**
 * Swatch, name and number of cells of each group, as toggle buttons: one click shows that group alone, further ones add
 * or take away. Of numbers: a color bar with ticks and unit.
 */
export function legend(scale: ColorScale, {folded = 20}: LegendOptions = {}): Legend {
  const root = h("div", {class: "wb-legend"});
  let value: ReadonlySet<number> | null = null;
  let marks: (() => void) | null = null;
  const pick = (next: ReadonlySet<number> | null): void => {
    value = next === null || next.size === 0 ? null : next;
    marks?.();
  };
  const update = (next: ColorScale): void => {
    value = null;
    marks = null;
    const title = h("div", {class: "wb-legend-title"}, next.title);
    if (next.kind === "continuous") root.replaceChildren(title, colorBar(next));
    else {
      const groups = groupButtons(next, folded, (entry) => {
        const chosen = new Set(value ?? []);
        if (!chosen.delete(entry)) chosen.add(entry);
        change(chosen);
      });
      const all = h("button", {type: "button", class: "wb-link", onclick: () => change(null)}, "Show all");
      marks = () => {
        groups.buttons.forEach((button, k) => {
          setAttribute(button, "aria-pressed", (value?.has(k) ?? false) ? "true" : "false");
          button.classList.toggle("wb-dim", value !== null && !value.has(k));
        });
        all.style.visibility = value === null ? "hidden" : "visible";
      };
      title.append(all);
      root.replaceChildren(title, groups.element);
      marks();
    }
  };
  const change = (next: ReadonlySet<number> | null): void => {
    pick(next);
    send(root, "highlight", value);
    root.dispatchEvent(new Event("input", {bubbles: true}));
  };
  update(scale);
  return extend(root, {
    update,
    get value() {
      return value;
    },
    set value(next: ReadonlySet<number> | null) {
      pick(next);
    }
  });
}

function groupButtons(
  {entries, title}: CategoricalScale,
  folded: number,
  toggle: (entry: number) => void
): {element: HTMLElement; buttons: HTMLButtonElement[]} {
  const buttons = entries.map(({label, count, light, dark}, k) =>
    h(
      "button",
      {type: "button", class: "wb-legend-entry", "aria-pressed": "false", title: label, onclick: () => toggle(k)},
      h("span", {class: "wb-swatch", style: `--wb-light: ${light}; --wb-dark: ${dark}`}),
      h("span", {class: "wb-legend-label"}, label),
      h(
        "span",
        {class: "wb-legend-count"},
        formatInteger(count),
        h("span", {class: "wb-hidden"}, count === 1 ? " cell" : " cells")
      )
    )
  );
  const list = h(
    "ul",
    {class: "wb-legend-list", "aria-label": `Groups of ${title}: pick those to show`},
    buttons.map((button) => h("li", {}, button))
  );
  if (entries.length <= folded + 2) return {element: list, buttons};
  const rest = [...list.children].slice(folded) as HTMLElement[];
  const more = h("button", {type: "button", class: "wb-link"});
  const show = (open: boolean): void => {
    rest.forEach((item) => (item.hidden = !open));
    setText(more, open ? "Fewer" : `${rest.length} more`);
    setAttribute(more, "aria-expanded", String(open));
  };
  more.addEventListener("click", () => show(rest[0].hidden === true));
  show(false);
  return {element: h("div", {}, list, more), buttons};
}

function colorBar(scale: ContinuousScale): HTMLElement {
  const {
    domain: [low, high],
    log,
    unit,
    missing,
    below,
    above
  } = scale;
  const stops = (colors: readonly string[]): string =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => colors[Math.round((k / 8) * (rampSteps - 1))]).join(", ");
  const style = `--wb-light: linear-gradient(to right, ${stops(scale.light)}); --wb-dark: linear-gradient(to right, ${stops(scale.dark)})`;
  let free = -1;
  const labels = niceTicks(low, high, 4, log).flatMap((tick) => {
    const at = rampPosition(tick, scale);
    const half = 0.015 * (formatNumber(tick).length + 1);
    if (at - half < free) return [];
    free = at + half;
    const edge = at < 0.06 ? "start" : at > 0.94 ? "end" : "middle";
    return [
      h("span", {class: "wb-tick", "data-edge": edge, style: `left: ${(at * 100).toFixed(2)}%`}, formatNumber(tick))
    ];
  });
  const notes = [
    unit,
    log ? "logarithmic" : undefined,
    below + above > 0 ? `${formatCount(below + above, "cell")} beyond the ends` : undefined,
    missing > 0 ? `${formatCount(missing, "cell")} not given (gray)` : undefined
  ].filter((note) => note !== undefined);
  const words = `From ${formatNumber(low)} to ${formatNumber(high)}${unit === undefined ? "" : ` ${unit}`}`;
  return h(
    "div",
    {class: "wb-bar"},
    h("div", {class: "wb-bar-ramp", role: "img", "aria-label": words, style}),
    h("div", {class: "wb-bar-ticks", "aria-hidden": "true"}, labels),
    h("div", {class: "wb-bar-notes"}, notes.join(" · "))
  );
}
