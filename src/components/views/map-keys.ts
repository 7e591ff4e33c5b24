const moves: Record<string, [number, number]> = {
  ArrowLeft: [60, 0],
  ArrowRight: [-60, 0],
  ArrowUp: [0, 60],
  ArrowDown: [0, -60]
};

/** Arrow keys move a map, plus and minus zoom, 0 shows all. True if the key was one of these. */
export function moveByKey(
  key: string,
  {moveBy, zoomBy, reset}: {moveBy(x: number, y: number): void; zoomBy(factor: number): void; reset(): void}
): boolean {
  if (key in moves) moveBy(...moves[key]);
  else if (key === "+" || key === "=") zoomBy(1.6);
  else if (key === "-") zoomBy(1 / 1.6);
  else if (key === "0") reset();
  else return false;
  return true;
}
