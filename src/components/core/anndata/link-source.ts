import type {H5Link, LinkSource} from "./link-path.js";

/** What is asked of HDF5's library about links, as h5wasm's module offers it. */
export interface LinkCalls {
  readonly H5G_GROUP: number;
  readonly H5G_UDLINK: number;
  get_type(file: bigint, place: string): number;
  get_names(file: bigint, place: string, recursive: boolean): string[];
  /** An empty object where no link into another file stands there. */
  get_external_link(file: bigint, place: string): {filename?: string; obj_path?: string};
  /** null where no soft link stands there. */
  get_symbolic_link(file: bigint, place: string): string | null;
}

/** The groups of the open file `file`, and what their names lead to; names of a group are listed once. */
export function linkSource(calls: LinkCalls, file: bigint): LinkSource {
  const known = new Map<string, ReadonlySet<string> | null>();
  return {
    names(place) {
      const found = known.get(place);
      if (found !== undefined) return found;
      const at = place === "" ? "/" : place;
      const isGroup = calls.get_type(file, at) === calls.H5G_GROUP;
      const names = isGroup ? new Set(calls.get_names(file, at, false)) : null;
      known.set(place, names);
      return names;
    },
    link(place): H5Link {
      const {filename, obj_path: target} = calls.get_external_link(file, place);
      if (filename !== undefined) return {kind: "external", file: filename, target: target ?? ""};
      const soft = calls.get_symbolic_link(file, place);
      if (soft !== null) return {kind: "soft", target: soft};
      return calls.get_type(file, place) === calls.H5G_UDLINK ? {kind: "other"} : {kind: "hard"};
    }
  };
}
