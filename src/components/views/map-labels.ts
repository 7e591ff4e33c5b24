import type {DrawnName} from "./map-names.js";

/** What names are drawn with. */
export interface NameStyle {
  /** Device pixels a CSS pixel. */
  ratio: number;
  /** Size of the type, CSS pixels. */
  size: number;
  /** Colors of text and page. */
  ink: string;
  paper: string;
}

/** Type of names on a map. */
export const nameFont = (size: number): string => `600 ${size}px system-ui, sans-serif`;

/** Size of the names on a map, CSS pixels: as large as the words beside it, 12 or more, and more in projector mode. */
export function nameSize(): number {
  return Math.max(12, 0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize));
}

/** Draws names and their lines on a canvas, each with a halo of the page's color, so that they can be read over points of any color. */
export function drawGroupNames(
  context: CanvasRenderingContext2D,
  names: readonly DrawnName[],
  {ratio, size, ink, paper}: NameStyle
): void {
  context.save();
  context.scale(ratio, ratio);
  Object.assign(context, {
    font: nameFont(size),
    textAlign: "center",
    textBaseline: "middle",
    lineJoin: "round",
    lineCap: "round"
  });
  for (const {leader} of names) {
    if (leader === null) continue;
    const [fromX, fromY, toX, toY] = leader;
    for (const [strokeStyle, lineWidth, radius] of [
      [paper, 3.5, 3.5],
      [ink, 1.25, 2.25]
    ] as const) {
      Object.assign(context, {strokeStyle, fillStyle: strokeStyle, lineWidth});
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
      context.stroke();
      context.beginPath();
      context.arc(toX, toY, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  Object.assign(context, {strokeStyle: paper, fillStyle: ink, lineWidth: 4});
  for (const {words, x, y} of names) {
    context.strokeText(words, x, y);
    context.fillText(words, x, y);
  }
  context.restore();
}
