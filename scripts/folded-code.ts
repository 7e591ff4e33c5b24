import type {MarkdownRenderer} from "./formulas.js";

/**
 * Folds up the code of cells that a page shows by `js echo fold`: a line below the cell names what the cell defines, and opens its code. Framework itself
 * shows code or does not. Returns `md` with its rules amended.
 */
export function foldedCode<T extends MarkdownRenderer>(md: T): T {
  const {rules} = md.renderer;
  const {fence} = rules;
  rules.fence = (tokens, i, ...rest) => {
    // Framework leaves the language alone of the words behind the fence.
    const {info, content} = tokens[i];
    const html = fence(tokens, i, ...rest);
    const at = html.indexOf("<pre");
    if (!/\sfold\b/.test(info) || at < 0) return html;
    const names = [...content.matchAll(/^(?:const|let|function|class) (\w+)/gm)].map(([, name]) => name);
    const named = names.length === 0 ? "" : ` <code>${names.join(", ")}</code>`;
    return `${html.slice(0, at)}<details class="code-fold"><summary>Code${named}</summary>\n${html.slice(at)}</details>\n`;
  };
  return md;
}
