import type {Table} from "apache-arrow";
import type {NamedSelection} from "../selections/selections.js";
import type {FileFacts} from "../stages/file-facts.js";
import type {StageName} from "../types.js";

/** An answer that was given about a stage: what was asked, and the answer. */
export interface KeptAnswer {
  /** Address of the stage. */
  address: string;
  name: string;
  args: unknown;
  answer: unknown;
}

/** What a session holds: all that a page shows of a file, but for its counts and vectors. */
export interface Session {
  software: {name: string; version: string};
  /** Path and query of the page: every choice, as the address has it. */
  page: {path: string; query: string};
  /** The file, as it was open. */
  file: FileFacts;
  /** Hash and name of the model. */
  model: {name: string; hash: string};
  /** The chain's stages: their addresses, and tables of those that are small. */
  stages: {name: StageName; address: string; table: Table | null}[];
  /** Selected rows of the file, ascending; null for none. */
  selected: Int32Array | null;
  /** Named selections; none in files of versions before there were any. */
  selections: readonly NamedSelection[];
  answers: KeptAnswer[];
}
