import type {Table} from "apache-arrow";
import {isRecord} from "../is-record.js";
import {sha256} from "../sha256.js";
import type {FileFacts} from "../stages/file-facts.js";
import {readObs} from "../tables/cells.js";
import {tableFromBytes} from "../tables/file.js";
import {readFullText} from "../tables/read-columns.js";
import {fromPlainJson} from "./plain-json.js";
import {damagedSession, newerSession, notASession} from "./session-errors.js";
import type {Session} from "./session.js";
import {sessionFormat, sessionKey} from "./write-session.js";

/** True if a file is to be read as a session: by its ending, or its first bytes, which no HDF5 file has. */
export function isSessionFile(name: string, head: Uint8Array): boolean {
  return /\.uce-session$/i.test(name) || new TextDecoder().decode(head.subarray(0, 6)) === "ARROW1";
}

/**
 * The session in `bytes`, each part compared with its hash. `name` is for messages. Rejects with a WorkbookError of domain "file": "no-session",
 * "newer-session", "damaged-session".
 */
export async function readSession(bytes: Uint8Array, name: string): Promise<Session> {
  const parts = await partsOf(bytes, name);
  const part = (wanted: string): Uint8Array => {
    const found = parts.get(wanted);
    if (found === undefined) throw damagedSession(name, `its part ${wanted} is missing`);
    return found;
  };
  try {
    const text = fromPlainJson(new TextDecoder().decode(part("session.json")));
    if (!isSession(text)) throw damagedSession(name, "its description is not what a session has");
    const {file, stages, selections = [], ...rest} = text;
    const cells = tableFromBytes(part("cells.arrow"), "cells.arrow");
    const facts: FileFacts = {...file, cellIds: readFullText(cells, "cell_id"), obs: readObs(cells)};
    return {
      ...rest,
      selections,
      file: facts,
      stages: stages.map(({name: stage, address, table}) => {
        const own = table ? tableFromBytes(part(`${stage}.arrow`), `${stage}.arrow`) : null;
        return {name: stage, address, table: own};
      })
    };
  } catch (cause) {
    if (
      cause instanceof Error &&
      "details" in cause &&
      (cause as {details: {code: string}}).details.code === "damaged-session"
    )
      throw cause;
    throw damagedSession(name, "a part of it cannot be read", cause);
  }
}

/** The parts by name, each as it was written. */
async function partsOf(bytes: Uint8Array, name: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  let table: Table;
  try {
    table = tableFromBytes(bytes, name);
  } catch (cause) {
    if (new TextDecoder().decode(bytes.subarray(0, 6)) === "ARROW1")
      throw damagedSession(name, "it ends early, or bytes of it were changed", cause);
    throw notASession(name, "its bytes are of another kind of file");
  }
  const format = table.schema.metadata.get(sessionKey);
  if (format === undefined) throw notASession(name, "it is an Arrow table without a session");
  if (format !== String(sessionFormat)) throw newerSession(name, format);
  const parts = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const row of table.toArray()) {
    const {name: part, sha256: hash, content} = row.toJSON() as {name: string; sha256: string; content: Uint8Array};
    const own = new Uint8Array(content);
    if ((await sha256(own)) !== hash) throw damagedSession(name, `its part ${part} is not as it was written`);
    parts.set(part, own);
  }
  return parts;
}

/** What a session's description is, as far as its readers trust it. */
type Described = Omit<Session, "file" | "stages" | "selections"> & {
  selections?: Session["selections"];
  file: Omit<FileFacts, "cellIds" | "obs">;
  stages: {name: Session["stages"][number]["name"]; address: string; table: boolean}[];
};

function isSession(value: unknown): value is Described {
  if (!isRecord(value)) return false;
  const {file, stages, page, model, answers, selected, selections = [], software} = value;
  const isFile = isRecord(file) && typeof file["identity"] === "string" && isRecord(file["inspection"]);
  const isPage = isRecord(page) && typeof page["query"] === "string" && typeof page["path"] === "string";
  const isSelected = selected === null || selected instanceof Int32Array;
  return (
    isFile &&
    isPage &&
    isSelected &&
    Array.isArray(selections) &&
    selections.every(isSelection) &&
    isRecord(model) &&
    isRecord(software) &&
    [stages, answers].every(Array.isArray)
  );
}

function isSelection(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const {name, color, rows} = value;
  return typeof name === "string" && Number.isInteger(color) && rows instanceof Int32Array;
}
