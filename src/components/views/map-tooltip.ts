import {h} from "./dom.js";

/** The words beside the cell under the pointer. */
export interface MapTooltip {
  readonly element: HTMLElement;
  /** Beside (x, y) in a box of `width` x `height` CSS pixels, on the side where there is room. */
  show(name: string, lines: readonly [name: string, value: string][], x: number, y: number, width: number, height: number): void;
  hide(): void;
}

/** A tooltip, hidden at first. */
export function mapTooltip(): MapTooltip {
  const element = h("div", {class: "wb-tooltip", hidden: true});
  return {
    element,
    show(name, lines, x, y, width, height) {
      element.replaceChildren(
        h("strong", {}, name), h("dl", {}, lines.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)))));
      element.hidden = false;
      const {offsetWidth, offsetHeight} = element;
      const left = x + 16 + offsetWidth > width ? x - 16 - offsetWidth : x + 16;
      const top = Math.min(height - offsetHeight - 4, y + 12);
      element.style.transform = `translate(${Math.max(4, Math.min(left, width - offsetWidth - 4))}px, ${Math.max(4, top)}px)`;
    },
    hide() {
      element.hidden = true;
    }
  };
}
