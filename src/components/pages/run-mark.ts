import {runOf} from "./view-stages.js";
import type {ViewState} from "./view-state.js";

const runMark = "uce-workbook-run";

/** Notes in this tab that a run of the view goes on, or that none does: leaving the page lets the note stand. */
export function markRun(view: ViewState | null): void {
  try {
    if (view === null) sessionStorage.removeItem(runMark);
    else sessionStorage.setItem(runMark, runOf(view));
  } catch {
    // Where nothing may be kept, an interrupted run waits for the button.
  }
}

/** What `runOf` said of the view whose run was noted; null if none is. */
export function markedRun(): string | null {
  try {
    return sessionStorage.getItem(runMark);
  } catch {
    return null;
  }
}
