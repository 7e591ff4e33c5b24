/** `name`, or with the first number from 2 on where it is taken: "T cells", "T cells 2". */
export function freeName(name: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  for (let i = 1; ; ++i) {
    const tried = i === 1 ? name : `${name} ${i}`;
    if (!all.has(tried)) return tried;
  }
}
