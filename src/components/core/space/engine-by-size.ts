import type {LayoutEngine} from "./layout.js";
import {createUmapEngine} from "./umap-engine.js";

/** Cells up to which a library's graph is built in about half a second: it cannot be interrupted. */
const mostForLibrary = 1000;

/**
 * `library` for up to 1,000 cells, our own engine of the same algorithm above: umap-js builds its graph in one piece that
 * takes 7 s for 10,000 cells and 47 s for 50,000, ours 0.25 s and 1 s (docs/umap.md).
 */
export function engineBySize(library: LayoutEngine): LayoutEngine {
  const own = createUmapEngine();
  return {
    name: `${library.name}, and our own above ${mostForLibrary} cells`,
    begin: (task) => (task.count <= mostForLibrary ? library : own).begin(task)
  };
}
