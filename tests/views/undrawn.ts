import {vi} from "vitest";

/** Gives jsdom what maps ask of a browser and jsdom has not; nothing is drawn. */
export function undrawn(): void {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      disconnect(): void {}
    }
  );
  vi.stubGlobal("matchMedia", () => ({matches: false, addEventListener: () => {}, removeEventListener: () => {}}));
  HTMLCanvasElement.prototype.getContext = () => null;
}
