/** What is drawn: points of a map in the pixels of a canvas. */
export interface MapScene {
  /** x and y of each point by turns, in the map's own units; points that are not finite are not drawn. */
  positions: Float32Array;
  /** Order in which points are drawn. */
  order: Uint32Array;
  /** Colour of each point, as a position in `colors`. */
  index: Uint8Array;
  /** Colours as 0xaabbggrr (the bytes of ImageData on the machines that browsers run on). */
  colors: Uint32Array;
  /** 1 for colours that recede: their points are drawn first, under all others. */
  receding?: Uint8Array;
  /** Pixel = value x scale + offset, y upwards: row = -y x scale + offsetY. */
  scale: number;
  offsetX: number;
  offsetY: number;
  /** Radius of a point in pixels, 0.5 or more. */
  radius: number;
  /** Opacity of a point, 0 to 1. */
  opacity: number;
  /** Colour of the page. */
  background: number;
}

/** Positions of a disc's centre within a pixel that have a mask of their own, per axis. */
const phases = 4;

/**
 * Draws the points as anti-aliased discs, later ones over earlier ones, into `pixels` (row-major, `width` x `height`).
 * Done in memory rather than with canvas calls: the time does not depend on a GPU, and 50,000 points take a few
 * milliseconds.
 */
export function drawMap(pixels: Uint32Array, width: number, height: number, scene: MapScene): void {
  pixels.fill(scene.background);
  const masks = discMasks(scene.radius, scene.opacity);
  if (scene.receding === undefined || !scene.receding.includes(1)) return drawPoints(pixels, width, height, scene, masks, null, 0);
  drawPoints(pixels, width, height, scene, masks, scene.receding, 1);
  drawPoints(pixels, width, height, scene, masks, scene.receding, 0);
}

function drawPoints(
  pixels: Uint32Array, width: number, height: number, scene: MapScene, masks: Masks, receding: Uint8Array | null, pass: number
): void {
  const {positions, order, index, colors, scale, offsetX, offsetY} = scene;
  const {size, reach, alphas} = masks;
  for (let k = 0; k < order.length; ++k) {
    const i = order[k]!;
    const color = index[i]!;
    if (receding !== null && receding[color] !== pass) continue;
    const x = positions[2 * i]! * scale + offsetX;
    const y = offsetY - positions[2 * i + 1]! * scale;
    // Written so that NaN fails too.
    if (!(x > -reach && x < width + reach && y > -reach && y < height + reach)) continue;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const mask = (Math.floor((y - row) * phases) * phases + Math.floor((x - column) * phases)) * size * size;
    const value = colors[color]!;
    const redBlue = value & 0xff00ff;
    const green = value & 0xff00;
    const [left, top] = [column - reach, row - reach];
    const [c0, c1] = [Math.max(0, -left), Math.min(size, width - left)];
    const r1 = Math.min(size, height - top);
    for (let r = Math.max(0, -top); r < r1; ++r) {
      let at = (top + r) * width + left + c0;
      for (let m = mask + r * size + c0, end = mask + r * size + c1; m < end; ++m, ++at) {
        const alpha = alphas[m]!;
        if (alpha === 0) continue;
        const under = pixels[at]!;
        const rest = 256 - alpha;
        const mixed = ((Math.imul(redBlue, alpha) + Math.imul(under & 0xff00ff, rest)) >>> 8) & 0xff00ff;
        pixels[at] = (0xff000000 | mixed | (((green * alpha + (under & 0xff00) * rest) >>> 8) & 0xff00)) >>> 0;
      }
    }
  }
}

interface Masks {
  /** Pixels along a side of a mask; the centre lies in pixel `reach`. */
  size: number;
  reach: number;
  /** Alpha 0 to 256 of each pixel, mask after mask (row phase x column phase). */
  alphas: Uint16Array;
}

let kept: {key: string; masks: Masks} | null = null;

function discMasks(radius: number, opacity: number): Masks {
  const key = `${radius} ${opacity}`;
  if (kept?.key === key) return kept.masks;
  const reach = Math.ceil(radius + 0.5);
  const size = 2 * reach + 1;
  const alphas = new Uint16Array(phases * phases * size * size);
  let at = 0;
  for (let py = 0; py < phases; ++py) {
    for (let px = 0; px < phases; ++px) {
      const [cx, cy] = [reach + (px + 0.5) / phases, reach + (py + 0.5) / phases];
      for (let r = 0; r < size; ++r) {
        for (let c = 0; c < size; ++c) {
          const distance = Math.hypot(c + 0.5 - cx, r + 0.5 - cy);
          alphas[at++] = Math.round(256 * opacity * Math.min(1, Math.max(0, radius + 0.5 - distance)));
        }
      }
    }
  }
  kept = {key, masks: {size, reach, alphas}};
  return kept.masks;
}
