import type {Page} from "playwright-core";
import {widenStorage} from "../../src/components/core/model/widen-storage.js";

/** Values of the folded table of a model that the page's browser keeps. */
export async function storedTable(page: Page, hash: string): Promise<Float32Array> {
  const base64 = await page.evaluate(async (hash) => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("uce-workbook-1");
    const folder = await (await root.getDirectoryHandle("models")).getDirectoryHandle(hash);
    const file = await (await folder.getFileHandle("table.fp32.safetensors")).getFile();
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).split(",")[1]);
      reader.readAsDataURL(file);
    });
  }, hash);
  const [{values}] = widenStorage("table", Uint8Array.from(Buffer.from(base64, "base64")));
  return values;
}
