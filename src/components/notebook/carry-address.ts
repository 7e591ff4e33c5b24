/**
 * Makes links between the site's pages carry this page's query, so that the next page shows the same data, cells and parameters. A
 * link that has a query of its own keeps it. The answer ends it.
 */
export function carryAddress(): () => void {
  const carried = new WeakSet<HTMLAnchorElement>();
  const carry = (event: Event): void => {
    const link = (event.target as Element | null)?.closest?.<HTMLAnchorElement>("a[href]");
    if (link == null || link.origin !== location.origin || link.pathname === location.pathname) return;
    if (link.search !== "" && !carried.has(link)) return;
    carried.add(link);
    link.search = location.search;
  };
  // Before the click's own work; a link opened in another tab by the middle button or a menu is pressed too.
  const events = ["pointerdown", "click", "keydown"] as const;
  for (const name of events) document.addEventListener(name, carry, {capture: true});
  return () => events.forEach((name) => document.removeEventListener(name, carry, {capture: true}));
}
