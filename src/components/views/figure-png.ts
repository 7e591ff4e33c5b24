import {withDensity} from "../core/away/png-density.js";
import {WorkbookError} from "../core/errors.js";
import type {PrintFigure} from "./print-figure.js";

/** Dots an inch of a printed picture. */
export const printDots = 300;

/** A figure for print as PNG at 300 dots an inch. Rejects with a WorkbookError of domain "storage" where the browser has no room for the canvas. */
export async function figurePng({svg, width, height}: PrintFigure): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], {type: "image/svg+xml"}));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round((width / 25.4) * printDots);
    canvas.height = Math.round((height / 25.4) * printDots);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob !== null) {
      const bytes = withDensity(new Uint8Array(await blob.arrayBuffer()), printDots);
      return new Blob([bytes], {type: "image/png"});
    }
  } finally {
    URL.revokeObjectURL(address);
  }
  throw new WorkbookError({
    domain: "storage",
    code: "no-room",
    fault: "the browser has no room for the picture",
    remedy: "close other tabs, or take the figure as SVG"
  });
}
