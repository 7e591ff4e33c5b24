/** Groups numbered anew by their size, the largest 0; of equally large ones the one with the earliest cell first. */
export function bySize(codes: Int32Array): {codes: Int32Array; sizes: Int32Array} {
  const seen = new Map<number, {first: number; cells: number}>();
  codes.forEach((code, cell) => {
    const group = seen.get(code);
    if (group === undefined) seen.set(code, {first: cell, cells: 1});
    else group.cells += 1;
  });
  const order = [...seen].sort(([, a], [, b]) => b.cells - a.cells || a.first - b.first);
  const place = new Map(order.map(([code], i) => [code, i]));
  return {
    codes: codes.map((code) => place.get(code)!),
    sizes: Int32Array.from(order, ([, {cells}]) => cells)
  };
}
