import {h} from "./dom.js";

/** The words beside the cell under the pointer. */
export interface MapTooltip {
  readonly element: HTMLElement;
  /** Shows the words of a cell. */
  fill(name: string, lines: readonly [name: string, value: string][]): void;
  /** Stands beside (x, y) in a box of `width` x `height` CSS pixels, on the side where there is room. */
  place(x: number, y: number, width: number, height: number): void;
  hide(): void;
}

/** A tooltip, hidden at first. */
export function mapTooltip(): MapTooltip {
  const element = h("div", {class: "wb-tooltip", hidden: true});
  let [ownWidth, ownHeight] = [0, 0];
  return {
    element,
    fill(name, lines) {
      element.replaceChildren(
        h("strong", {}, name),
        h(
          "dl",
          {},
          lines.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)))
        )
      );
      element.hidden = false;
      ({offsetWidth: ownWidth, offsetHeight: ownHeight} = element);
    },
    place(x, y, width, height) {
      const left = x + 16 + ownWidth > width ? x - 16 - ownWidth : x + 16;
      const top = Math.min(height - ownHeight - 4, y + 12);
      element.style.transform = `translate(${Math.max(4, Math.min(left, width - ownWidth - 4))}px, ${Math.max(4, top)}px)`;
    },
    hide() {
      element.hidden = true;
    }
  };
}
