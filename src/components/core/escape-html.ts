/** Text as HTML and XML show it, also inside quotes. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"};
  return text.replace(/[&<>"']/g, (sign) => names[sign]);
}
