/** What a name in a group leads to. "other": a kind of link that only the program that made it can follow. */
export type H5Link =
  {kind: "hard"} | {kind: "soft"; target: string} | {kind: "external"; file: string; target: string} | {kind: "other"};

/** The groups of a file, as `resolvePath` walks them. Both are asked only of places that no link leads through. */
export interface LinkSource {
  /** Names in the group at `place` ("" is the root); null if no group stands there. */
  names(place: string): ReadonlySet<string> | null;
  /** What the name at `place` leads to. */
  link(place: string): H5Link;
}

/** Where a path ends: at an object of this file, at nothing, at a link that leads nowhere, or in another file. */
export type PathEnd =
  | {kind: "here"; place: string}
  | {kind: "nothing"}
  | {kind: "dangling"; link: string; target: string}
  | {kind: "external"; link: string; file: string};

/** Soft links in a row, before a path is taken for a circle. */
const mostLinks = 40;

/**
 * Follows `path` name by name, through soft links and through them only: a link into another file, anywhere along the way or
 * behind a soft link, is told and never followed. "here" gives the path of the object without any soft link in it.
 */
export function resolvePath(source: LinkSource, path: string): PathEnd {
  let place = "";
  let names = namesOf(path);
  let followed = 0;
  let soft: {link: string; target: string} | null = null;
  while (names.length > 0) {
    const [name, ...rest] = names;
    const there = `${place}/${name}`;
    if (source.names(place)?.has(name) !== true) return soft === null ? {kind: "nothing"} : {kind: "dangling", ...soft};
    const link = source.link(there);
    if (link.kind === "external") return {kind: "external", link: there, file: link.file};
    if (link.kind === "other") return {kind: "dangling", link: there, target: "something only its program knows"};
    names = rest;
    if (link.kind === "hard") {
      place = there;
      continue;
    }
    soft ??= {link: there, target: link.target};
    if (++followed > mostLinks) return {kind: "dangling", ...soft};
    if (link.target.startsWith("/")) place = "";
    names = [...namesOf(link.target), ...rest];
  }
  return {kind: "here", place: place === "" ? "/" : place};
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
