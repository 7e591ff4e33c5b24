const runMark = "uce-workbook-run";

/** Notes in this tab that a run to the stage at `address` goes on, or that none does: leaving the page lets the note stand. */
export function markRun(address: string | null): void {
  try {
    if (address === null) sessionStorage.removeItem(runMark);
    else sessionStorage.setItem(runMark, address);
  } catch {
    // Where nothing may be kept, a run that was cut off waits for the button.
  }
}

/** Address of the stage whose run was noted, which leaving the page has cut off; null if none is. */
export function markedRun(): string | null {
  try {
    return sessionStorage.getItem(runMark);
  } catch {
    return null;
  }
}
