const visitMark = "uce-workbook-file";

/** The file that a visitor opened last in this tab. */
export interface VisitFile {
  identity: string;
  name: string;
}

/** Notes in this tab which file was opened last; null for the demo, which needs no note. */
export function markVisit(file: VisitFile | null): void {
  try {
    if (file === null) sessionStorage.removeItem(visitMark);
    else sessionStorage.setItem(visitMark, JSON.stringify({identity: file.identity, name: file.name}));
  } catch {
    // Where nothing may be kept, the address alone names the file.
  }
}

/** The file that was opened last in this tab; null if it was the demo, or nothing may be kept. */
export function visitFile(): VisitFile | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(visitMark) ?? "null") as VisitFile | null;
    return typeof found?.identity === "string" && typeof found.name === "string" ? found : null;
  } catch {
    return null;
  }
}
