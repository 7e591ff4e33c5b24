import {subscribe} from "node:diagnostics_channel";
import {existsSync, readFileSync} from "node:fs";
import type {IncomingMessage, ServerResponse} from "node:http";
import {join} from "node:path";
import {foldedCode} from "./folded-code.js";
import {type MarkdownRenderer, staticFormulas} from "./formulas.js";
import {seedNpmCache, takeCompiled} from "./npm-cache.js";

/** What differs between the workbook's site and the small site that the browser tests build. */
export interface SiteOptions {
  /** Folder of the pages, relative to the repository. */
  root: string;
  /** Folder that `build` fills. */
  output: string;
  title: string;
  /** Pages in the order of the sidebar; those that do not exist yet are left out. */
  pages: {name: string; path: string}[];
}

const modelFolder = "data/model";
const aliasTable = "data/gene-aliases.csv";

// Framework reads its configuration before it asks whether it may report what it builds; so it never may, however it is started.
process.env["OBSERVABLE_TELEMETRY_DISABLE"] = "true";

/**
 * Framework's pages name no language, forbid zooming, have no way past the sidebar, no name for its switch and a list in it
 * with what is no list item; tables and shown code wider than the page scroll, but not by keyboard. Plot names groups of shapes, which may
 * have no name; Inputs' sliders have none, and its tables scroll by mouse only. A reader's own cells are mended too. The projector's mode must be there
 * before anything is drawn; where storage is denied it lasts as long as the page.
 */
const headScript = `{
  const root = document.documentElement;
  root.lang = "en";
  document.querySelector("meta[name=viewport]").content = "width=device-width, initial-scale=1";
  const key = "workbook-mode";
  try {
    const mode = localStorage.getItem(key);
    if (mode) root.dataset.mode = mode;
  } catch {}
  addEventListener("DOMContentLoaded", () => {
    const past = {className: "skip-link", href: "#observablehq-main", textContent: "Skip to content"};
    document.body.prepend(Object.assign(document.createElement("a"), past));
    const main = document.querySelector("#observablehq-main");
    main.tabIndex = -1;
    document.querySelector("#observablehq-sidebar-toggle")?.setAttribute("aria-label", "Sidebar");
    document.querySelector("#observablehq-sidebar-close")?.setAttribute("aria-hidden", "true");
    const tables = new ResizeObserver((entries) => {
      for (const {target} of entries) {
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
        else target.removeAttribute("tabindex");
      }
    });
    const each = (selector, mend) => main.querySelectorAll(selector).forEach(mend);
    const mend = () => {
      each(":scope > table, pre[data-language], .katex-display", (part) => tables.observe(part));
      each("svg g[aria-label]:not([role])", (mark) => mark.removeAttribute("aria-label"));
      each("form > div > input[type=range]:not([aria-label])", (range) => {
        const words = range.form?.querySelector("label")?.textContent;
        if (words) range.setAttribute("aria-label", words);
      });
      each("form[class*=-table]:not([tabindex])", (table) => {
        table.tabIndex = 0;
        table.setAttribute("role", "region");
        table.ariaLabel = "Table";
      });
    };
    mend();
    new MutationObserver(() => (mend(), fold())).observe(main, {childList: true, subtree: true});
    const button = document.querySelector(".mode-switch");
    const show = () => button?.setAttribute("aria-pressed", String(root.dataset.mode === "projector"));
    // Arrows turn the pages before a room, but where something on the page has a use for them.
    const own = "input, select, textarea, canvas, pre, [contenteditable], [role=application], [role=tree], [tabindex='0']";
    document.addEventListener("keydown", (event) => {
      const {key, target, defaultPrevented, ctrlKey, metaKey, altKey, shiftKey} = event;
      if (root.dataset.mode !== "projector" || defaultPrevented || ctrlKey || metaKey || altKey || shiftKey) return;
      if (target.closest?.(own)) return;
      const to = {ArrowRight: "next", ArrowLeft: "prev"}[key];
      if (to) document.querySelector("#observablehq-footer nav a[rel=" + to + "]")?.click();
    });
    // Settings are folded up before a room, those that come later too, and are as they were afterwards.
    const folded = new Set();
    const fold = () => {
      if (root.dataset.mode === "projector")
        each("details.wb-options", (part) => {
          if (folded.has(part)) return;
          folded.add(part);
          part.dataset.was = part.open ? "open" : "";
          part.open = false;
        });
      else {
        for (const part of folded) part.open ||= part.dataset.was === "open";
        folded.clear();
      }
    };
    show();
    fold();
    button?.addEventListener("click", () => {
      if (root.dataset.mode === "projector") delete root.dataset.mode;
      else root.dataset.mode = "projector";
      show();
      fold();
      try {
        if (root.dataset.mode) localStorage.setItem(key, root.dataset.mode);
        else localStorage.removeItem(key);
      } catch {}
    });
  });
}`;

/**
 * Configuration for Observable Framework without a network: packages come from node_modules, there is no telemetry, formulas
 * are rendered in the build with fonts of the site's own, shown code can be folded, and the files of the model bundle and the table of gene aliases keep
 * their names (`/data/model/...`) in preview and build. Preview sends the headers of cross-origin isolation, but to a request that says `Workbook-Isolation: none` (tests).
 */
export async function siteConfig({root, output, title, pages}: SiteOptions) {
  process.env.OBSERVABLE_TELEMETRY_DISABLE ??= "true";
  await takeCompiled(root);
  await seedNpmCache(root);
  amendPreview();
  return {
    root,
    output,
    title,
    pages: pages.filter(({path}) => existsSync(join(root, `${path}.md`))),
    style: "style.css",
    globalStylesheets: [],
    markdownIt: (md: MarkdownRenderer) => foldedCode(staticFormulas(md)),
    head: `<link rel="icon" href="data:,"><script>${headScript}</script><script type="module" src="/coi.js"></script>`,
    header: `<button type="button" class="mode-switch" aria-pressed="false">Projector mode</button>`,
    footer: `<span>Everything on this page runs on this machine. Nothing is uploaded.</span>`,
    interpreters: {".ts": ["node", "--import", "tsx"]},
    async *dynamicPaths() {
      yield* modelPaths(root);
      if (existsSync(join(root, aliasTable))) yield `/${aliasTable}`;
    }
  };
}

/** Site paths of the model bundle: manifest.json and every file that it names; none where there is no bundle yet. */
function modelPaths(root: string): string[] {
  const manifest = join(root, modelFolder, "manifest.json");
  if (!existsSync(manifest)) return [];
  interface Listed {
    variants?: {files: {path: string}[]}[];
  }
  // A bundle of several species lists variants with each of them.
  const {variants = [], species = []} = JSON.parse(readFileSync(manifest, "utf8")) as Listed & {species?: Listed[]};
  const all = [...variants, ...species.flatMap((entry) => entry.variants ?? [])];
  const names = new Set(["manifest.json", ...all.flatMap(({files}) => files.map(({path}) => path))]);
  return [...names].map((name) => {
    if (!/^[\w-][\w./-]*$/.test(name) || name.includes(".."))
      throw new Error(`${manifest} names "${name}", which is not a plain path`);
    return `/${modelFolder}/${name}`;
  });
}

let amended = false;

/**
 * Framework's preview has no option for headers and serves files under hashed or `_file` names only. This runs in its
 * process, so Node's own channel for requests lets it add the headers and the plain names that the built site has.
 */
function amendPreview(): void {
  if (amended) return;
  amended = true;
  subscribe("http.server.request.start", (message) => {
    const {request, response} = message as {request: IncomingMessage; response: ServerResponse};
    const {url} = request;
    if (url?.startsWith(`/${modelFolder}/`) || url === `/${aliasTable}`) request.url = `/_file${url}`;
    if (request.headers["workbook-isolation"] === "none") return;
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  });
}
