/** Which of the two looks the page has now, by the color scheme that its style sheet sets. */
export function pageMode(): "light" | "dark" {
  return getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "dark" : "light";
}

/** Calls `change` when the page's look may have changed; returns what stops that. */
export function onModeChange(change: () => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  // Style sheets with media queries of their own are applied after the event.
  const later = (): void => void requestAnimationFrame(change);
  query.addEventListener("change", later);
  return () => query.removeEventListener("change", later);
}

/** True if the person asked for less motion. */
export function prefersStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
