/**
 * A key of 53 bits for each cell, 14 hex digits, by which the same cell is known again in another file: a hash of its name, and where the
 * name is a mere number, which many files have, of the file's gene names (sorted) as well. Equal names have equal keys. The hash is
 * cyrb53 (bryc, public domain); it is quick, and no secret is kept by it.
 */
export function cellKeys(cellIds: readonly string[], geneNames: readonly string[]): string[] {
  let genes: string | null = null;
  return cellIds.map((id) => {
    if (!/^\d+$/.test(id)) return hash(id);
    return hash(`${id} ${(genes ??= hash([...geneNames].sort().join("\n")))}`);
  });
}

function hash(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; ++i) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, "0");
}
