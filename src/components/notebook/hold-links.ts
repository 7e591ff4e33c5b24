/**
 * While `work` goes on, a click on a link to another page of the site waits for it: `onHeld` is called, and the page is opened when the work is
 * done or has failed. Links that open in another tab or window do not wait. Ends with the work.
 */
export function holdLinks(work: Promise<unknown>, onHeld: () => void): void {
  const hold = (event: MouseEvent): void => {
    const link = (event.target as Element | null)?.closest?.<HTMLAnchorElement>("a[href]");
    if (link == null || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.pathname === location.pathname) return;
    if (link.hasAttribute("download") || (link.target !== "" && link.target !== "_self")) return;
    event.preventDefault();
    onHeld();
    void done.then(() => location.assign(link.href));
  };
  const done = work.then(
    () => document.removeEventListener("click", hold),
    () => document.removeEventListener("click", hold)
  );
  document.addEventListener("click", hold);
}
