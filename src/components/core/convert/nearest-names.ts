/** Up to `count` of `names` that are closest to `wanted` by edit distance, closest first ("did you mean"). */
export function nearestNames(wanted: string, names: Iterable<string>, count = 3): string[] {
  return Array.from(names, (name) => ({name, distance: editDistance(wanted, name)}))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({name}) => name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; ++i) {
    const current = [i];
    for (let j = 1; j <= b.length; ++j) {
      const substituted = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
