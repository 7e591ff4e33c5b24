const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';

/** Where the focus was last, and what lay around it then: an element that is taken away has no surroundings to ask for. */
interface Place {
  element: HTMLElement;
  name: string;
  /** Elements around it, the innermost first, and which of their focusable elements it was. */
  around: {element: HTMLElement; at: number}[];
}

/**
 * Keeps the keyboard's place in a document: when the element that has the focus is removed, hidden or disabled by what it
 * did, the one that stands in its stead takes the focus, else the next one near it; a browser would begin at the top of the
 * page again. The answer ends it.
 */
export function keepFocus(root: Document = document): () => void {
  let last: Place | null = null;

  const onFocus = ({target}: FocusEvent): void => {
    last = target instanceof HTMLElement && target !== root.body ? placeOf(target) : null;
  };
  const onBlur = ({target, relatedTarget}: FocusEvent): void => {
    if (relatedTarget !== null) return;
    // The person left it, for nothing or for another window, unless it is on its way out itself.
    setTimeout(() => {
      if (last?.element === target && isUsable(last.element) && root.activeElement !== target) last = null;
    });
  };
  const observer = new MutationObserver(() => {
    if (last === null || isUsable(last.element)) return;
    const now = root.activeElement;
    if (now !== null && now !== root.body && now !== last.element) return;
    const lost = last;
    last = null;
    substitute(lost)?.focus({preventScroll: true});
  });

  root.addEventListener("focusin", onFocus);
  root.addEventListener("focusout", onBlur);
  observer.observe(root.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["disabled", "hidden", "style"]
  });
  return () => {
    root.removeEventListener("focusin", onFocus);
    root.removeEventListener("focusout", onBlur);
    observer.disconnect();
  };
}

function placeOf(element: HTMLElement): Place {
  const around: Place["around"] = [];
  for (
    let outer = element.parentElement;
    outer !== null && outer !== element.ownerDocument.body;
    outer = outer.parentElement
  ) {
    around.push({element: outer, at: [...outer.querySelectorAll(focusable)].indexOf(element)});
  }
  return {element, name: nameOf(element), around};
}

function substitute({element, name, around}: Place): HTMLElement | null {
  for (const {element: outer, at} of around) {
    if (!outer.isConnected) continue;
    const inside = [...outer.querySelectorAll<HTMLElement>(focusable)];
    const candidates = inside.filter((one) => one !== element && isUsable(one) && isShown(one));
    const twin = candidates.find((one) => one.localName === element.localName && nameOf(one) === name);
    const place = element.isConnected ? inside.indexOf(element) : at;
    const found = twin ?? candidates.find((one) => inside.indexOf(one) >= place) ?? candidates.at(-1);
    if (found !== undefined) return found;
  }
  return null;
}

/** Asked for at every change of the page, so it lays nothing out. */
function isUsable(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    !element.matches(":disabled") &&
    element.closest("[hidden]") === null &&
    element.style.visibility !== "hidden"
  );
}

function isShown(element: HTMLElement): boolean {
  return element.checkVisibility?.({visibilityProperty: true}) ?? true;
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute("aria-label") ?? element.textContent ?? "";
}
