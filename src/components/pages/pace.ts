const key = "workbook-ms-per-cell";

/** Milliseconds a cell that the model took here last time; null if it has not run in this browser, or nothing can be kept. */
export function rememberedPace(modelHash: string): number | null {
  try {
    const [hash, ms] = JSON.parse(localStorage.getItem(key) ?? "[]") as [string?, number?];
    return hash === modelHash && typeof ms === "number" && ms > 0 ? ms : null;
  } catch {
    return null;
  }
}

/** Keeps the measured pace of a model for the next visit; quietly does nothing where storage is denied. */
export function rememberPace(modelHash: string, msPerCell: number): void {
  try {
    localStorage.setItem(key, JSON.stringify([modelHash, Number(msPerCell.toPrecision(3))]));
  } catch {
    // A private window may deny storage: the estimate is then missing, nothing else.
  }
}
