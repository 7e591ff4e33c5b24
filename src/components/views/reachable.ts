/**
 * The element itself, after what a cell of a page gets from a library was amended for keyboards and screen readers: a table of Inputs
 * can be focused, and so scrolled; a group of Plot that is named has a role that may have a name.
 */
export function reachable<E extends Element>(element: E): E {
  if (element.matches("form[class*='-table']")) {
    for (const [name, value] of Object.entries({tabindex: "0", role: "region", "aria-label": "Table"}))
      element.setAttribute(name, value);
  }
  for (const group of element.querySelectorAll("g[aria-label]:not([role])")) group.setAttribute("role", "group");
  return element;
}
