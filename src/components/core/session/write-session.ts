import {Binary, Field, makeData} from "apache-arrow";
import {sha256} from "../sha256.js";
import {obsTableColumn} from "../tables/cells.js";
import {int32Column, tableOf, utf8Column, type TableColumn} from "../tables/columns.js";
import {tableToFileBytes} from "../tables/file.js";
import {toPlainJson} from "./plain-json.js";
import type {Session} from "./session.js";

/** Key of the metadata by which a session is known; its value is the format's number. */
export const sessionKey = "uce-workbook-session";
/** Format that this version writes and reads. */
export const sessionFormat = 1;

/**
 * A session as bytes: an Arrow IPC file of one row a part (name, sha256, content). The part "session.json" holds all but the tables, "cells.arrow"
 * names and columns of the file's cells, "STAGE.arrow" a stage's table. Rejects with a WorkbookError where hashing is not available.
 */
export async function writeSession({file, stages, ...rest}: Session): Promise<Uint8Array<ArrayBuffer>> {
  const {cellIds, obs, ...facts} = file;
  const rows = Int32Array.from(cellIds.keys());
  const cells = tableOf(
    [int32Column("row", rows), utf8Column("cell_id", cellIds), ...obs.map((column, i) => obsTableColumn(column, i))],
    new Map()
  );
  const addresses = stages.map(({name, address, table}) => ({name, address, table: table !== null}));
  const text = toPlainJson({...rest, file: facts, stages: addresses});
  const parts: [string, Uint8Array<ArrayBuffer>][] = [
    ["session.json", new TextEncoder().encode(text)],
    ["cells.arrow", tableToFileBytes(cells)]
  ];
  for (const {name, table} of stages) if (table !== null) parts.push([`${name}.arrow`, tableToFileBytes(table)]);
  const hashes = await Promise.all(parts.map(([, bytes]) => sha256(bytes)));
  const names = parts.map(([name]) => name);
  const content = binaryColumn(
    "content",
    parts.map(([, bytes]) => bytes)
  );
  const metadata = new Map([[sessionKey, String(sessionFormat)]]);
  const table = tableOf([utf8Column("name", names), utf8Column("sha256", hashes), content], metadata);
  return tableToFileBytes(table);
}

/** A column of bytes. Arrow's own builders evaluate text as code, which a page's Content-Security-Policy forbids. */
function binaryColumn(name: string, values: readonly Uint8Array[]): TableColumn {
  const offsets = new Int32Array(values.length + 1);
  values.forEach((bytes, i) => (offsets[i + 1] = offsets[i] + bytes.length));
  const whole = new Uint8Array(offsets[values.length]);
  values.forEach((bytes, i) => whole.set(bytes, offsets[i]));
  const type = new Binary();
  return {
    field: new Field(name, type, false),
    data: makeData({type, length: values.length, nullCount: 0, data: whole, valueOffsets: offsets})
  };
}
