import type {Page} from "playwright-core";

/**
 * Words in the page's SVG figures that stand out too little from what is behind them (WCAG 2.2, 1.4.3: 4.5:1, large words 3:1), which
 * axe-core does not look at: each with its ratio and its figure's name. What is behind is the last filled rectangle or disc under a word's
 * middle that was drawn before it, a halo of its own, or the background of the element around it.
 */
export function faintText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Color = [number, number, number, number];
    const dab = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true})!;
    const known = new Map<string, Color>();
    const colorOf = (css: string): Color => {
      const before = known.get(css);
      if (before !== undefined) return before;
      dab.clearRect(0, 0, 1, 1);
      dab.fillStyle = css;
      dab.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = dab.getImageData(0, 0, 1, 1).data;
      known.set(css, [r, g, b, a / 255]);
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a]: Color, below: Color): Color => [
      r * a + below[0] * (1 - a),
      g * a + below[1] * (1 - a),
      b * a + below[2] * (1 - a),
      1
    ];
    const luminance = (color: Color) => {
      const [r, g, b] = color.slice(0, 3).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paperOf = (element: Element | null): Color => {
      const layers: Color[] = [];
      for (let at = element; at !== null; at = at.parentElement)
        layers.push(colorOf(getComputedStyle(at).backgroundColor));
      return layers.reduceRight<Color>((below, layer) => over(layer, below), colorOf("Canvas"));
    };
    const opacityOf = (element: Element): number => {
      let share = 1;
      for (let at: Element | null = element; at !== null; at = at.parentElement)
        share *= Number(getComputedStyle(at).opacity);
      return share;
    };
    const filled = (element: Element): Color => {
      const {fill, fillOpacity} = getComputedStyle(element);
      const [r, g, b, a] = fill === "none" ? ([0, 0, 0, 0] as Color) : colorOf(fill);
      return [r, g, b, a * Number(fillOpacity) * opacityOf(element)];
    };
    const found: string[] = [];
    for (const text of document.querySelectorAll<SVGTextElement>("#observablehq-main svg text")) {
      const box = text.getBoundingClientRect();
      if (box.width === 0 || text.textContent.trim() === "" || opacityOf(text) < 0.05) continue;
      const style = getComputedStyle(text);
      if (style.visibility !== "visible") continue;
      const svg = text.ownerSVGElement!;
      let behind = paperOf(svg);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      for (const mark of svg.querySelectorAll("rect, circle")) {
        if (!(mark.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
        const {left, right, top, bottom} = mark.getBoundingClientRect();
        if (left <= x && x <= right && top <= y && y <= bottom) behind = over(filled(mark), behind);
      }
      if (style.stroke !== "none" && style.paintOrder.startsWith("stroke"))
        behind = over(colorOf(style.stroke), behind);
      const [a, b] = [luminance(over(filled(text), behind)), luminance(behind)].sort((p, q) => q - p);
      const ratio = (a + 0.05) / (b + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5)) {
        const figure = svg.getAttribute("aria-label") ?? svg.getAttribute("class") ?? "svg";
        found.push(`"${text.textContent.slice(0, 30)}" ${ratio.toFixed(2)}:1 in ${figure.slice(0, 60)}`);
      }
    }
    return found.slice(0, 20);
  });
}
