import {fitPoints, pointRadius} from "../../src/components/views/map-fit.js";

/** Cells of the grid that a canvas is divided into, a side. */
const grid = 40;

/**
 * How much of a canvas a map fills: the share of the cells of a 40 x 40 grid over `width` x `height` CSS pixels that a point's disc touches
 * (its center, or one of 16 places on its edge), drawn as `mapView` draws it.
 */
export function mapInk(positions: Float32Array, width: number, height: number): number {
  const {scale, offsetX, offsetY} = fitPoints(positions, width, height, 18)!;
  const radius = pointRadius(positions.length / 2, width * height);
  const inked = new Uint8Array(grid * grid);
  for (let i = 0; i < positions.length; i += 2) {
    const x = positions[i] * scale + offsetX;
    const y = offsetY - positions[i + 1] * scale;
    for (let k = 0; k <= 16; ++k) {
      const [reach, angle] = [k === 16 ? 0 : radius, (k * Math.PI) / 8];
      const column = Math.floor((grid * (x + reach * Math.cos(angle))) / width);
      const row = Math.floor((grid * (y + reach * Math.sin(angle))) / height);
      if (column >= 0 && column < grid && row >= 0 && row < grid) inked[row * grid + column] = 1;
    }
  }
  return inked.reduce((sum, one) => sum + one, 0) / inked.length;
}
