/**
 * Takes the labels off a chart's marks and returns it: Plot names each group of shapes ("dot", "rule"), which tells a listener
 * nothing and is no name that such a group may have. The chart as a whole carries the words. Marks that Plot draws anew under
 * the pointer are seen to as well.
 */
export function quietMarks<E extends Element>(chart: E): E {
  const quiet = (): void => {
    for (const mark of chart.querySelectorAll("g[aria-label]:not([role])")) mark.removeAttribute("aria-label");
  };
  quiet();
  chart.addEventListener("input", quiet);
  return chart;
}
