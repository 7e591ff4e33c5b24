import type {RepairKind} from "../repair-kinds.js";

/** What a name may be once something around it is taken away, and what was. */
export interface BareName {
  text: string;
  kinds: readonly RepairKind[];
}

const quoted = /^(["'])(.+)\1$/;
const separators = /[^A-Za-z0-9]+/g;
const idFirst = /^ENS[A-Z]{0,4}G\d{11}(?:\.\d+)?[^A-Za-z0-9]+(.+)$/;
const idLast = /^(.+?)[^A-Za-z0-9]+ENS[A-Z]{0,4}G\d{11}(?:\.\d+)?$/;
const versioned = /^(ENS[A-Z]*G\d{11})\.\d+(?:_PAR_Y)?$/;

/**
 * `name` itself, and everything that it may be without spaces or quotes, the name of a genome (`genome`: those of its species), an Ensembl version or the Ensembl id
 * beside it, each taken away at most once; the fewest removals first.
 */
export function bareNames(name: string, genome: RegExp | null): BareName[] {
  const found: BareName[] = [{text: name, kinds: []}];
  if (removals(name, genome).length === 0) return found;
  const seen = new Set([name]);
  for (let i = 0; i < found.length; ++i) {
    const {text, kinds} = found[i];
    for (const [kind, pieces] of removals(text, genome)) {
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

function removals(text: string, genome: RegExp | null): [RepairKind, string[]][] {
  const list: [RepairKind, string[]][] = [];
  const bare = text.trim().replace(quoted, "$2").trim();
  if (text !== bare) list.push(["spaces", [bare]]);
  if (genome?.test(text) === true) {
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
