import type {Page} from "playwright-core";

/** How much a page moved by itself: the largest sum of layout shifts in one window, as browsers define CLS, and what moved most. */
export interface Shift {
  score: number;
  what: string;
}

/** Makes every page of the tab keep its layout shifts; call it before a page is opened. */
export async function keepShifts(page: Page): Promise<void> {
  await page.addInitScript(`{
    const shifts = (globalThis.layoutShifts = []);
    const name = ({node}) => {
      const element = node?.nodeType === 1 ? node : node?.parentElement;
      return element ? element.localName + "." + (element.getAttribute("class") ?? "") : "gone";
    };
    new PerformanceObserver((list) => {
      for (const {value, startTime, hadRecentInput, sources} of list.getEntries())
        if (!hadRecentInput) shifts.push({value, time: startTime, what: sources.map(name).join(", ")});
    }).observe({type: "layout-shift", buffered: true});
  }`);
}

/** What has moved on the page so far. Windows end after a second of rest or five seconds (web.dev/articles/cls). */
export async function shiftOf(page: Page): Promise<Shift> {
  const shifts = await page.evaluate<{value: number; time: number; what: string}[]>("globalThis.layoutShifts");
  let window = {score: 0, begin: -Infinity, last: -Infinity};
  let worst: Shift = {score: 0, what: ""};
  for (const {value, time, what} of shifts) {
    const isNew = time - window.last > 1000 || time - window.begin > 5000;
    window = isNew ? {score: value, begin: time, last: time} : {...window, score: window.score + value, last: time};
    if (window.score > worst.score) worst = {score: window.score, what};
  }
  return worst;
}
