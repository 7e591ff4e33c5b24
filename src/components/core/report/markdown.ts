/**
 * Text as a Markdown page of Framework shows it, letter by letter: no markup, HTML, expression or table cell begins in it. Line breaks
 * become spaces.
 */
export function escapeMarkdown(text: string): string {
  const names: Record<string, string> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", $: "&dollar;", "|": "&vert;"};
  return text
    .replace(/[&<>$|]/g, (sign) => names[sign] ?? sign)
    .replace(/[#\\`*_[\]~]/g, (sign) => `\\${sign}`)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^([-+=])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}
