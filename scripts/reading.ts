// npm run reading [-- file ...]: words, reading time and length of sentences of every page and document, and the sentences that are longest.
import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {resolve} from "node:path";
import {fileURLToPath} from "node:url";

/** How much there is to read in a text, and how long its sentences are. */
export interface Reading {
  words: number;
  /** At 200 words a minute. */
  minutes: number;
  sentences: number;
  /** Words of a sentence on average. */
  mean: number;
  /** The sentences, longest first. */
  longest: {words: number; text: string}[];
}

/**
 * Measures the prose of a Markdown text. Code, formulas in blocks, tables, and lists of sources are left out; a formula or a value in a line
 * is one word. A sentence ends with a full stop, a question mark or an exclamation mark, or with its paragraph, item or heading.
 */
export function reading(markdown: string): Reading {
  const sentences = paragraphs(markdown)
    .flatMap((text) => text.split(/(?<=[.!?]["”)]*)\s+(?=["“(]*[\p{Lu}\d\u2026])/u))
    .map((text) => ({text, words: wordsOf(text)}))
    .filter(({words}) => words > 0);
  const words = sentences.reduce((sum, sentence) => sum + sentence.words, 0);
  return {
    words,
    minutes: words / 200,
    sentences: sentences.length,
    mean: sentences.length === 0 ? 0 : words / sentences.length,
    longest: sentences.sort((a, b) => b.words - a.words)
  };
}

const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;

function paragraphs(markdown: string): string[] {
  return (
    markdown
      .replace(/^---\n[\s\S]*?\n---\n/, "")
      .replace(/^(```|~~~)[\s\S]*?^\1\s*$/gm, "")
      .replace(/^ {4}.*$/gm, "")
      .replace(/^\|.*$/gm, "")
      .replace(/\$\{[^`}]*(?:`[^`]*`[^`}]*)*\}/g, "X")
      .replace(/<[^>]+>/g, "")
      .replace(/&\w+;/g, " ")
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      // A name in code begins a sentence as a capital letter does.
      .replace(/`([^`]*)`/g, "\u2026$1")
      .replace(/[*_]/g, "")
      .split(/\n\s*\n|\n(?=#|[-*] |\d+\. )/)
      .map((text) =>
        text
          .replace(/^(#+|[-*]|\d+\.)\s+/, "")
          .replace(/\s+/g, " ")
          .trim()
      )
      .filter((text) => text !== "" && !text.startsWith("Sources."))
  );
}

/** Every page, and every document that is not one. */
export function readTexts(): string[] {
  return execFileSync("git", ["ls-files", "src/*.md", "docs/*.md", "README.md"], {encoding: "utf8"}).trim().split("\n");
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const files = process.argv.length > 2 ? process.argv.slice(2) : readTexts();
  process.stdout.write("words  min  mean  longest  file\n");
  for (const file of files) {
    const {words, minutes, mean, longest} = reading(readFileSync(file, "utf8"));
    const numbers = [String(words).padStart(5), minutes.toFixed(1).padStart(4), mean.toFixed(1).padStart(5)];
    process.stdout.write(`${numbers.join(" ")}  ${String(longest[0]?.words ?? 0).padStart(7)}  ${file}\n`);
  }
  const most = process.argv.length > 2 ? 30 : 0;
  for (const file of most > 0 ? files : []) {
    for (const {words, text} of reading(readFileSync(file, "utf8")).longest.filter((one) => one.words > most))
      process.stdout.write(`${file}, ${words} words: ${text}\n`);
  }
}
