import {expose} from "comlink";
import {labelColumns} from "../../core/pipeline/labeled-cells.js";
import {labelReference} from "../../core/reference/label-reference.js";
import {makeReference} from "../../core/pipeline/make-reference.js";
import {installErrorTransfer} from "./error-transfer.js";
import {holdLock} from "./hold-lock.js";
import {openOrigin} from "./reference-origin.js";
import type {ReferenceWorker} from "./reference-protocol.js";

/** Most cells of which a map is laid out here: a minute or so. */
const mostLaidOut = 20_000;

const worker: ReferenceWorker = {
  hold: holdLock,
  async read({from, by}, onProgress) {
    const opened = await openOrigin(from);
    if ("bundle" in opened) return {kind: "reference", files: (await labelReference(opened.bundle)).files};
    const {cells} = opened;
    const columns = by === null ? labelColumns(cells) : [];
    const column = by ?? (columns.length === 1 ? columns[0].name : null);
    if (column === null) return {kind: "columns", name: cells.name, columns};
    const stated = {name: cells.name.replace(/\.[^.]*$/, ""), license: "", citation: "", note: ""};
    return {kind: "reference", files: await makeReference(cells, [column], stated, {layOut: mostLaidOut, onProgress})};
  }
};

installErrorTransfer();
expose(worker);
