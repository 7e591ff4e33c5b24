import {parsers} from "prettier/plugins/typescript";

/** A function of a source: its name where it has one, the line it begins in (from 1) and the lines that it takes. */
export interface FoundFunction {
  name: string;
  line: number;
  lines: number;
}

interface Node {
  type: string;
  loc: {start: {line: number}; end: {line: number}};
  [key: string]: unknown;
}

const kinds = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];

/**
 * Every function, method and arrow function of a TypeScript or JavaScript text, by Prettier's own parser. The callback of a `describe` is
 * none: it is a list of tests. Throws the parser's error if the text cannot be parsed.
 */
export async function functionsOf(text: string, file: string): Promise<FoundFunction[]> {
  const found: FoundFunction[] = [];
  const {parse} = parsers.typescript;
  const tree = (await parse(text, {filepath: file} as Parameters<typeof parse>[1])) as Node;
  visit(tree, "", false);
  return found;

  function visit(node: Node, name: string, group: boolean): void {
    if (kinds.includes(node.type) && !group) {
      const {start, end} = node.loc;
      found.push({name: named(node.id) ?? name, line: start.line, lines: end.line - start.line + 1});
    }
    const isGroup = node.type === "CallExpression" && /^describe\b/.test(source(node.callee));
    const own = named(node.id) ?? named(node.key) ?? "";
    for (const [key, value] of Object.entries(node)) {
      if (key === "parent" || key === "loc") continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit(child, own, isGroup && key === "arguments");
      }
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string" && "loc" in value;
}

/** "describe" of `describe(...)`, `describe.each(...)(...)` and `describe.skipIf(...)(...)`. */
function source(callee: unknown): string {
  if (!isNode(callee)) return "";
  return named(callee) ?? source(callee.type === "MemberExpression" ? callee.object : callee.callee);
}

function named(node: unknown): string | null {
  return isNode(node) && typeof node.name === "string" ? node.name : null;
}
