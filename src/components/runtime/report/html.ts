import {escapeHtml} from "../../core/escape-html.js";

/** A table of text; columns of numbers (`numeric`) are aligned right. A cell that is `{html}` is taken as it is. `ids` are those of the rows. */
export function htmlTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | {html: string})[])[],
  numeric: readonly number[] = [],
  ids: readonly string[] = []
): string {
  const kind = (i: number) => (numeric.includes(i) ? ' class="number"' : "");
  const heads = head.map((text, i) => `<th scope="col"${kind(i)}>${escapeHtml(text)}</th>`).join("");
  const lines = rows.map((row, r) => {
    const cells = row.map((cell, i) => {
      const html = typeof cell === "string" ? escapeHtml(cell) : cell.html;
      return i === 0 ? `<th scope="row">${html}</th>` : `<td${kind(i)}>${html}</td>`;
    });
    const id = ids[r] === undefined ? "" : ` id="${escapeHtml(ids[r])}"`;
    return `<tr${id}>${cells.join("")}</tr>`;
  });
  const table = `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}">${table}</div>`;
}
