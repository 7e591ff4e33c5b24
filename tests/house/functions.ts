import {parseAst} from "vitest/node";

/** A function of a source: its name where it has one, the line it begins in (from 1) and the lines that it takes. */
export interface FoundFunction {
  name: string;
  line: number;
  lines: number;
}

interface Node {
  type: string;
  /** Characters from the beginning of the text. */
  start: number;
  end: number;
  [key: string]: unknown;
}

const kinds = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];

/**
 * Every function, method and arrow function of a TypeScript or JavaScript text, by the parser that runs the tests. The callback of a `describe` is
 * none: it is a list of tests. Throws the parser's error if the text cannot be parsed.
 */
export function functionsOf(text: string): FoundFunction[] {
  const found: FoundFunction[] = [];
  const breaks = [...text.matchAll(/\n/g)].map(({index}) => index);
  visit(parseAst(text, {lang: "ts"}) as unknown as Node, "", false);
  return found;

  function visit(node: Node, name: string, group: boolean): void {
    if (kinds.includes(node.type) && !group) {
      const [first, last] = [lineOf(node.start), lineOf(node.end)];
      found.push({name: named(node.id) ?? name, line: first, lines: last - first + 1});
    }
    const isGroup = node.type === "CallExpression" && /^describe\b/.test(source(node.callee));
    const own = named(node.id) ?? named(node.key) ?? "";
    for (const [key, value] of Object.entries(node)) {
      if (key === "parent") continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit(child, own, isGroup && key === "arguments");
      }
    }
  }

  function lineOf(place: number): number {
    return breaks.filter((at) => at < place).length + 1;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string" && "start" in value;
}

/** "describe" of `describe(...)`, `describe.each(...)(...)` and `describe.skipIf(...)(...)`. */
function source(callee: unknown): string {
  if (!isNode(callee)) return "";
  return named(callee) ?? source(callee.type === "MemberExpression" ? callee.object : callee.callee);
}

function named(node: unknown): string | null {
  return isNode(node) && typeof node.name === "string" ? node.name : null;
}
