import type {CellSteps} from "../core/cells/cell-steps.js";
import {pythonSnippet, type SnippetSource} from "../core/cells/python-snippet.js";
import {codeBox} from "./code-box.js";
import {extend} from "./dom.js";

/** "Copy as Python" for a cell's sentence; null, or a cell without a sentence, leaves nothing to copy. */
export type PythonBox = HTMLElement & {
  update(cell: {steps: CellSteps; source: SnippetSource} | null): void;
  /** The Python that it copies. */
  readonly code: string | null;
};

/** A button that copies Python that prints a cell's tokens, and that Python, folded up. */
export function pythonBox(): PythonBox {
  const box = codeBox({button: "Copy as Python", summary: "The Python that prints these tokens", language: "python"});
  const {update} = box;
  return extend(box, {
    update(cell: {steps: CellSteps; source: SnippetSource} | null) {
      update(cell === null ? null : pythonSnippet(cell.steps, cell.source));
    }
  }) as unknown as PythonBox;
}
