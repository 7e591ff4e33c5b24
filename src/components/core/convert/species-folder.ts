/**
 * Folder of a species in a bundle: its name in letters, digits, "_", "-" and "." that any host serves, and a number where
 * `taken` has it already.
 */
export function speciesFolder(name: string, taken: readonly string[]): string {
  const bare = name.replace(/[^A-Za-z0-9_.-]+/g, "_").replace(/^[^A-Za-z0-9]+/, "") || "species";
  let folder = bare;
  for (let i = 2; taken.some((other) => other.toLowerCase() === folder.toLowerCase()); ++i) folder = `${bare}-${i}`;
  return folder;
}
