/**
 * Names that begin with what was typed, shortest first, then those that hold it, case aside; `most` at the most. Nothing typed
 * matches nothing.
 */
export function nameMatches(names: readonly string[], typed: string, most: number): string[] {
  const text = typed.trim().toUpperCase();
  if (text === "") return [];
  const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);
  const begin = names.filter((name) => name.toUpperCase().startsWith(text)).sort(byLength);
  if (begin.length >= most) return begin.slice(0, most);
  const hold = names.filter((name) => name.toUpperCase().indexOf(text) > 0).sort(byLength);
  return [...begin, ...hold].slice(0, most);
}
