import katex from "katex";

/** What of markdown-it is used here. `rest` is its options, what Framework knows of the page, and the renderer. */
export interface MarkdownRenderer {
  renderer: {rules: Record<string, RenderRule>};
}
/** A block or piece as HTML; the page is known by the object that Framework passes. */
export type RenderRule = (
  tokens: {info: string; content: string}[],
  i: number,
  ...rest: [options: unknown, page: object, renderer: unknown]
) => string;

/** tex`...` with nothing inside that the page would have to fill in. */
const constantTag = /^\s*tex`([^`$]*)`\s*$/;

/** Framework replaces the name by the file's address in the site. */
const sheet = '<link rel="stylesheet" href="npm:katex/dist/katex.min.css">';

/**
 * Renders a page's formulas when the page is built: blocks of "tex" and, in a line, ${tex`...`}, as Framework writes them. Each
 * becomes HTML for the eye and MathML for who listens, by KaTeX, and the page's first brings the stylesheet. Framework's own
 * rendering would begin with the page, move what stands below, and has no MathML; formulas with values of the page in them
 * (`${...}`) are left to it. Returns `md` with its rules amended. Rendering throws KaTeX's ParseError, which names the place, for a
 * formula that is none.
 */
export function staticFormulas<T extends MarkdownRenderer>(md: T): T {
  const {rules} = md.renderer;
  const {fence, placeholder} = rules;
  const styled = new WeakSet<object>();
  const render = (formula: string, displayMode: boolean, page: object): string => {
    const first = !styled.has(page);
    styled.add(page);
    const options = {displayMode, output: "htmlAndMathml", strict: "error", trust: false} as const;
    return `${first ? sheet : ""}${katex.renderToString(formula.trim(), options)}`;
  };
  rules.fence = (tokens, i, ...rest) => {
    const {info, content} = tokens[i];
    if (info.trim() !== "tex" || content.includes("${")) return fence(tokens, i, ...rest);
    return `${render(content, true, rest[1])}\n`;
  };
  rules.placeholder = (tokens, i, ...rest) => {
    const constant = constantTag.exec(tokens[i].content);
    return constant === null ? placeholder(tokens, i, ...rest) : render(constant[1], false, rest[1]);
  };
  return md;
}
