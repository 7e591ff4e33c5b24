/** A file may hold names of any length, and the time grows with the square of it. */
const longest = 200;

/** Up to `count` of `names` that are closest to `wanted` by edit distance, closest first ("did you mean"): of names of up to 200 letters, to the first 200 of `wanted`. */
export function nearestNames(wanted: string, names: Iterable<string>, count = 3): string[] {
  const begin = wanted.slice(0, longest);
  return [...names]
    .filter(({length}) => length <= longest)
    .map((name) => ({name, distance: editDistance(begin, name)}))
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
