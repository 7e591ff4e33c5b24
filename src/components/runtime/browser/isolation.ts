/**
 * Waits for cross-origin isolation where the site's service worker is about to bring it: the first visit to a static host
 * reloads once, and a run begun before that would be lost. Resolves at once if it is there or will not come.
 */
export async function isolation(): Promise<void> {
  const built = /\.[0-9a-f]{8}\.js$/.test(new URL(import.meta.url).pathname);
  if (crossOriginIsolated || !built || !isSecureContext || !("serviceWorker" in navigator)) return;
  try {
    if (sessionStorage.getItem("workbook-isolation-tried") !== null) return;
  } catch {
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, 4000));
}
