/** A name for each report, of its file's name: letters, digits, dashes and underscores, each once, and none that a site uses itself. */
export function reportNames(reports: readonly {file: string}[]): string[] {
  const taken = new Set<string>(["data", "figures", "index", "live"]);
  return reports.map(({file}) => {
    const plain = file.replace(/\.h5ad$/i, "").replace(/[^\w-]+/g, "-") || "file";
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}-${i}`;
    taken.add(name);
    return name;
  });
}
