import type {RepairKind} from "../repair-kinds.js";

/** What a name may be once something around it is taken away, and what was. */
export interface BareName {
  text: string;
  kinds: readonly RepairKind[];
}

/** Names of human genomes, as they stand before gene names: GRCh38_, hg19_, GRCh38______, GRCh38-2020-A_. */
const humanGenome = /^(GRCh3[678]|hg1[89]|hg38|T2T|CHM13|human|homo_?sapiens)(?=[^A-Za-z0-9])/i;
const quoted = /^(["'])(.+)\1$/;
const separators = /[^A-Za-z0-9]+/g;
const idFirst = /^ENSG\d{11}(?:\.\d+)?[^A-Za-z0-9]+(.+)$/;
const idLast = /^(.+?)[^A-Za-z0-9]+ENSG\d{11}(?:\.\d+)?$/;
const versioned = /^(ENS[A-Z]*G\d{11})\.\d+(?:_PAR_Y)?$/;

/**
 * `name` itself, and everything that it may be without spaces or quotes, a human genome's name, an Ensembl version or the Ensembl id
 * beside it, each taken away at most once; the fewest removals first.
 */
export function bareNames(name: string): BareName[] {
  const found: BareName[] = [{text: name, kinds: []}];
  if (removals(name).length === 0) return found;
  const seen = new Set([name]);
  for (let i = 0; i < found.length; ++i) {
    const {text, kinds} = found[i];
    for (const [kind, pieces] of removals(text)) {
      if (kinds.includes(kind)) continue;
      for (const piece of pieces) {
        if (piece === "" || seen.has(piece)) continue;
        seen.add(piece);
        found.push({text: piece, kinds: [...kinds, kind]});
      }
    }
  }
  return found;
}

function removals(text: string): [RepairKind, string[]][] {
  const list: [RepairKind, string[]][] = [];
  const bare = text.trim().replace(quoted, "$2").trim();
  if (text !== bare) list.push(["spaces", [bare]]);
  if (humanGenome.test(text)) {
    const ends = [...text.matchAll(separators)].map((match) => match.index + match[0].length);
    list.push(["prefix", ends.map((end) => text.slice(end))]);
  }
  if (!text.includes("ENS")) return list;
  const pair = idFirst.exec(text) ?? idLast.exec(text);
  if (pair !== null) list.push(["pair", [pair[1]]]);
  const version = versioned.exec(text);
  if (version !== null) list.push(["version", [version[1]]]);
  return list;
}
