// The last step of a build: every page says what its browser may load and call (docs/deploying.md, Content-Security-Policy).
import {createHash} from "node:crypto";
import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";

/** Where a site's pages and workers may fetch from. Open: data and models may be opened by address; closed: the site's own origin alone. */
export function connectPolicy(closed: boolean): string {
  return `connect-src 'self' blob: data:${closed ? "" : " https: http:"}`;
}

/**
 * The policy of a page: its inline scripts by their hashes, scripts and workers of the site's origin, WebAssembly, no evaluation of text. Styles
 * may be inline, since Plot writes them into its drawings. No frame, plugin, form or other base address.
 */
export function pagePolicy(html: string, closed: boolean): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`
  );
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...new Set(inline)].join(" "),
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    connectPolicy(closed),
    "base-uri 'none'",
    "form-action 'none'"
  ].join("; ");
}

/** Writes its policy into each page of the site in `output`, before anything that it loads. */
export function writePolicies(output: string, closed: boolean): void {
  for (const entry of readdirSync(output, {recursive: true})) {
    const path = join(output, String(entry));
    if (!path.endsWith(".html")) continue;
    const html = readFileSync(path, "utf8");
    const head = '<meta charset="utf-8">';
    if (!html.includes(head)) throw new Error(`${path} has no ${head} to put its policy behind`);
    const meta = `${head}\n<meta http-equiv="Content-Security-Policy" content="${pagePolicy(html, closed)}">`;
    writeFileSync(
      path,
      html.replace(head, () => meta)
    );
  }
}
