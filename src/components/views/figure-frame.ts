import {extend, h, setText} from "./dom.js";
import {quietMarks} from "./quiet-marks.js";

/** What stands in a frame: a drawing that is made anew for each width. */
export interface FrameContent {
  title: string;
  /** What the figure shows and how it was made, under it; null for none. */
  caption?: string | null;
  /** The figure in words, with the numbers that matter. */
  label: string;
  /** Draws at `width` px. */
  draw(width: number): Element;
}

/** A figure with title and caption; null shows `waiting` (unless told: that a file is needed) in a space of the same height. */
export type FigureFrame = HTMLElement & {update(content: FrameContent | null, waiting?: string): void};

/** How much larger a drawing is shown than it is drawn (src/styles): its words and marks grow with it in projector mode. */
const zoomOf = (slot: Element): number => Number(getComputedStyle(slot).getPropertyValue("--wb-zoom")) || 1;

const noFile = "This figure is drawn once a file is open.";

/** A frame that keeps `height` px free for its drawing, so that nothing moves when it comes, and draws it anew when its width changes. */
export function figureFrame({height, role = "img"}: {height: number; role?: "img" | "group"}): FigureFrame {
  const title = h("h3", {class: "wb-frame-title"});
  const slot = h("div", {class: "wb-frame-slot", style: `min-height: calc(${height}px * var(--wb-zoom, 1))`});
  const caption = h("figcaption", {class: "wb-frame-caption"});
  const root = h("figure", {class: "wb-frame"}, title, slot, caption);
  let content: FrameContent | null = null;
  let drawn = 0;
  const draw = (): void => {
    if (content === null) return;
    drawn = slot.clientWidth || 640;
    // While a window is being made narrow a column may have next to no width, which a drawing's margins would exceed.
    const drawing = quietMarks(content.draw(Math.max(160, drawn / zoomOf(slot))));
    if (role === "img") {
      drawing.setAttribute("role", "img");
      drawing.setAttribute("aria-label", content.label);
    }
    slot.replaceChildren(drawing);
  };
  if (typeof ResizeObserver !== "undefined") {
    new ResizeObserver(() => {
      if (content !== null && Math.abs(slot.clientWidth - drawn) > 1) draw();
    }).observe(slot);
  }
  const update = (next: FrameContent | null, waiting = ""): void => {
    content = next;
    if (next === null) {
      setText(title, "");
      setText(caption, "");
      return slot.replaceChildren(h("p", {class: "wb-small wb-waiting"}, waiting || noFile));
    }
    setText(title, next.title);
    setText(caption, next.caption ?? "");
    draw();
  };
  return extend(root, {update});
}
