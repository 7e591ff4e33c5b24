/** What is drawn: points of a map in the pixels of a canvas. */
export interface MapScene {
  /** x and y of each point by turns, in the map's own units; points that are not finite are not drawn. */
  positions: Float32Array;
  /** Order in which points are drawn. */
  order: Uint32Array;
  /** Color of each point, as a position in `colors`. */
  index: Uint8Array;
  /** Colors as 0xaabbggrr (the bytes of ImageData on the machines that browsers run on). */
  colors: Uint32Array;
  /** 1 for colors that recede: their points are drawn first, under all others. */
  receding?: Uint8Array;
  /**
   * 1 for points that are selected; null: there is no selection. The others get the color `away` and lie below; the selected ones lie on top,
   * opaque in their colors, with rings of `ringWidth` pixels in the color `ring` under all of them: what is close together has one outline.
   */
  chosen?: Uint8Array | null;
  away?: number;
  ring?: number;
  ringWidth?: number;
  /** Pixel = value x scale + offset, y upwards: row = -y x scale + offsetY. */
  scale: number;
  offsetX: number;
  offsetY: number;
  /** Radius of a point in pixels, 0.5 or more. */
  radius: number;
  /** Opacity of a point, 0 to 1. */
  opacity: number;
  /** Color of the page. */
  background: number;
}

/** Positions of a disc's center within a pixel that have a stamp of their own, per axis. */
const phases = 4;

/** A picture that is being drawn. */
export interface Raster {
  /** Goes on until `performance.now()` reaches `until` or all is drawn; true if it is. */
  advance(until: number): boolean;
}

/** Points between two looks at the clock. */
const stride = 2048;

/**
 * Draws the points as anti-aliased discs, later ones over earlier ones, into `pixels` (row-major, `width` x `height`), all
 * at once. Done in memory rather than with canvas calls: the time does not depend on a GPU, and 50,000 points take a few
 * milliseconds.
 */
export function drawMap(pixels: Uint32Array, width: number, height: number, scene: MapScene): void {
  startRaster(pixels, width, height, scene).advance(Infinity);
}

/** One going through all points: which of them are drawn, and how. */
interface Pass {
  draws(point: number, color: number): boolean;
  stamps: Stamps;
  /** Color of all of them; null: each its own. */
  one: number | null;
}

/** What is drawn, lowest first. */
function passesOf(scene: MapScene, width: number): Pass[] {
  const {radius, opacity, background, away = background, ring = background, ringWidth = 1} = scene;
  const stamps = discStamps(radius, opacity, width);
  const chosen = scene.chosen ?? null;
  if (chosen !== null) {
    const isChosen = (point: number): boolean => chosen[point] === 1;
    return [
      {draws: (point) => !isChosen(point), stamps, one: away},
      {draws: isChosen, stamps: discStamps(radius + ringWidth, 1, width), one: ring},
      {draws: isChosen, stamps: discStamps(radius, 1, width), one: null}
    ];
  }
  const {receding} = scene;
  if (receding === undefined || !receding.includes(1)) return [{draws: () => true, stamps, one: null}];
  return [
    {draws: (_, color) => receding[color] === 1, stamps, one: null},
    {draws: (_, color) => receding[color] === 0, stamps, one: null}
  ];
}

/** The same in slices of time; the pixels are not a picture until the last. */
export function startRaster(pixels: Uint32Array, width: number, height: number, scene: MapScene): Raster {
  pixels.fill(scene.background);
  // Signed, because then every value and sum is a machine integer to the compiler.
  const signed = new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length);
  const passes = passesOf(scene, width);
  let pass = 0;
  let next = 0;
  return {
    advance(until) {
      const {length} = scene.order;
      for (; pass < passes.length; [pass, next] = [pass + 1, 0]) {
        for (; next < length; next += stride) {
          if (performance.now() >= until) return false;
          drawPoints({pixels: signed, width, height}, scene, passes[pass], next, Math.min(length, next + stride));
        }
      }
      return true;
    }
  };
}

function drawPoints(
  {pixels, width, height}: {pixels: Int32Array; width: number; height: number},
  scene: MapScene,
  {draws, stamps, one}: Pass,
  from: number,
  to: number
): void {
  const {positions, order, index, colors, scale, offsetX, offsetY} = scene;
  const {reach, starts, offsets, columns, alphas} = stamps;
  for (let k = from; k < to; ++k) {
    const i = order[k];
    const color = index[i];
    if (!draws(i, color)) continue;
    const x = positions[2 * i] * scale + offsetX;
    const y = offsetY - positions[2 * i + 1] * scale;
    // Written so that NaN fails too.
    if (!(x > -reach && x < width + reach && y > -reach && y < height + reach)) continue;
    const column = Math.floor(x);
    const row = Math.floor(y);
    const stamp = Math.floor((y - row) * phases) * phases + Math.floor((x - column) * phases);
    const center = row * width + column;
    const value = one ?? colors[color];
    const redBlue = value & 0xff00ff;
    const green = value & 0xff00;
    const inside = column >= reach && column < width - reach && row >= reach && row < height - reach;
    for (let m = starts[stamp], end = starts[stamp + 1]; m < end; ++m) {
      const at = center + offsets[m];
      if (!inside) {
        const c = column + columns[m];
        if (c < 0 || c >= width || at < 0 || at >= pixels.length) continue;
      }
      const alpha = alphas[m];
      const rest = 256 - alpha;
      const under = pixels[at];
      const mixed = (((Math.imul(redBlue, alpha) + Math.imul(under & 0xff00ff, rest)) | 0) >>> 8) & 0xff00ff;
      pixels[at] =
        0xff000000 | mixed | ((((Math.imul(green, alpha) + Math.imul(under & 0xff00, rest)) | 0) >>> 8) & 0xff00);
    }
  }
}

/** The inked pixels of a disc for each phase (row phase x column phase): stamp k's are `starts[k]` to `starts[k + 1]`. */
interface Stamps {
  /** Pixels from the center's to the farthest one. */
  reach: number;
  starts: Uint32Array;
  /** Steps from the center's pixel in memory, and of these the columns. */
  offsets: Int32Array;
  columns: Int8Array;
  /** 1 to 256. */
  alphas: Uint16Array;
}

/** The last few: a picture with a selection needs three. */
const kept = new Map<string, Stamps>();
const mostKept = 6;

function discStamps(radius: number, opacity: number, width: number): Stamps {
  const key = `${radius} ${opacity} ${width}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const reach = Math.ceil(radius + 0.5);
  const starts = new Uint32Array(phases * phases + 1);
  const inked: [offset: number, column: number, alpha: number][] = [];
  for (let stamp = 0; stamp < phases * phases; ++stamp) {
    const [cy, cx] = [(Math.floor(stamp / phases) + 0.5) / phases, ((stamp % phases) + 0.5) / phases];
    for (let r = -reach; r <= reach; ++r) {
      for (let c = -reach; c <= reach; ++c) {
        const distance = Math.hypot(c + 0.5 - cx, r + 0.5 - cy);
        const alpha = Math.round(256 * opacity * Math.min(1, Math.max(0, radius + 0.5 - distance)));
        if (alpha > 0) inked.push([r * width + c, c, alpha]);
      }
    }
    starts[stamp + 1] = inked.length;
  }
  const stamps = {
    reach,
    starts,
    offsets: Int32Array.from(inked, ([offset]) => offset),
    columns: Int8Array.from(inked, ([, column]) => column),
    alphas: Uint16Array.from(inked, ([, , alpha]) => alpha)
  };
  if (kept.size >= mostKept) kept.delete([...kept.keys()][0]);
  kept.set(key, stamps);
  return stamps;
}
