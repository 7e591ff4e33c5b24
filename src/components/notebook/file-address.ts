import type {OpenFile} from "../core/stages/stage.js";
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
  "color",
  "cell",
  "labels",
  "batches",
  "origin",
  "selection",
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
  setFile(identity);
  setQueryParameter("name", name);
}

/** Writes the demo into the address, which need not name it unless a person asked for it. */
export function nameDemo(asked: boolean): void {
  setFile(asked ? "demo" : null);
  setQueryParameter("name", null);
}

/** Another file takes the choices that were of the one before from the address. */
function setFile(data: string | null): void {
  const isOther = (data ?? "demo") !== (queryParameter("data") ?? "demo");
  if (isOther) ofFile.forEach((parameter) => setQueryParameter(parameter, null));
  setQueryParameter("data", data);
}
