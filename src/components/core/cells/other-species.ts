/** Why names are taken for another species' than the model's. */
export interface OtherSpecies {
  /** Display name: "mouse", "mouse or rat", "another species". */
  species: string;
  /** Names that show it, and the first of them. */
  names: number;
  examples: string[];
  /** How they show it: by a prefix of ids or of a genome, or by capital and small letters. */
  by: "ids" | "genome" | "case";
}

/** Beginnings of gene ids, and of names with a genome before them, by species. */
const beginnings: [pattern: RegExp, species: string, by: "ids" | "genome"][] = [
  [/^ENSMUSG\d/, "mouse", "ids"],
  [/^ENSRNOG\d/, "rat", "ids"],
  [/^ENSDARG\d/, "zebrafish", "ids"],
  [/^ENSMMUG\d/, "macaque", "ids"],
  [/^ENSSSCG\d/, "pig", "ids"],
  [/^ENSGALG\d/, "chicken", "ids"],
  [/^ENS[A-Z]{3,4}G\d/, "another species", "ids"],
  [/^FBgn\d/, "fruit fly", "ids"],
  [/^WBGene\d/, "roundworm (C. elegans)", "ids"],
  [/^(mm9|mm10|mm39|GRCm3[89])(?=[^A-Za-z0-9])/i, "mouse", "genome"],
  [/^(rn[567]|mRatBN7(\.\d)?|Rnor_6(\.\d)?)(?=[^A-Za-z0-9])/i, "rat", "genome"],
  [/^(danRer1[01]|GRCz1[01])(?=[^A-Za-z0-9])/i, "zebrafish", "genome"]
];

/**
 * Finds out whether `names` are genes of another species than the model's, whose symbols (`known`) are in capitals: more than
 * half of them are ids or names of another genome, or, once in capitals, at least one in ten and more than twice those that match
 * as they are match. Null where they are not, or too few show it. C1orf112 is human however it is written.
 */
export function otherSpecies(names: readonly string[], known: ReadonlySet<string>): OtherSpecies | null {
  for (const [pattern, species, by] of beginnings) {
    const shown = names.filter((name) => pattern.test(name));
    if (shown.length > names.length / 2) return {species, names: shown.length, examples: shown.slice(0, 3), by};
  }
  const raised = names.filter(
    (name) => !known.has(name) && known.has(name.toUpperCase()) && !/^C(\d+|X|Y)ORF\d/i.test(name)
  );
  const exact = names.reduce((n, name) => n + (known.has(name) ? 1 : 0), 0);
  if (raised.length < 3 || raised.length < names.length / 10 || raised.length <= 2 * exact) return null;
  const titled = raised.filter((name) => /^[A-Z]/.test(name)).length;
  const species = titled > raised.length / 2 ? "mouse or rat" : "zebrafish, frog or another species";
  return {species, names: raised.length, examples: raised.slice(0, 3), by: "case"};
}
