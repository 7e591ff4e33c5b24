import {WorkbookError} from "../core/errors.js";
import type {OpenFile} from "../core/stages/stage.js";
import type {AddressToOpen} from "../views/address-opening.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";
import type {InspectChoice} from "./file-choice.js";
import {modelInAddress} from "./model-in-address.js";
import {repairsFromText} from "./repairs-text.js";

/** Parameters of an address that mean something for one file only. */
const ofFile = [
  "matrix",
  "genes",
  "repair",
  "cells",
  "quality",
  "filter",
  "color",
  "cell",
  "labels",
  "batches",
  "origin",
  "selection",
  "selections",
  "from"
];

/** What a link has chosen of its file. */
export function choiceInAddress(): InspectChoice {
  const repair = queryParameter("repair");
  return {
    model: modelInAddress(),
    matrix: queryParameter("matrix"),
    geneColumn: queryParameter("genes"),
    species: queryParameter("species"),
    repair: repair === null ? undefined : repairsFromText(repair)
  };
}

/** Writes the visitor's file into the address. */
export function nameFile({identity, name}: Pick<OpenFile, "identity" | "name">): void {
  setFile({data: identity, name});
}

/** Writes the demo into the address, which need not name it unless a person asked for it. */
export function nameDemo(asked: boolean): void {
  setFile({data: asked ? "demo" : null});
}

/** Writes where a file on a host is into the address. */
export function nameAddress(address: string): void {
  setFile({address});
}

/** Another file takes the choices that were of the one before from the address. */
function setFile({
  data = null,
  name = null,
  address = null
}: Partial<Record<"data" | "name" | "address", string | null>>) {
  const before = queryParameter("address") ?? queryParameter("data") ?? "demo";
  if ((address ?? data ?? "demo") !== before) ofFile.forEach((parameter) => setQueryParameter(parameter, null));
  setQueryParameter("data", data);
  setQueryParameter("name", name);
  setQueryParameter("address", address);
}

/** That the address of this page names a file on a host, of which nothing was asked so far. */
export const askedByLink = ({name, host}: AddressToOpen): WorkbookError =>
  new WorkbookError({
    domain: "file",
    code: "file-permission",
    fault: `this link reads ${name} from ${host}, which was not asked so far`,
    remedy: `press Read from ${host} below, or open another file`
  });
